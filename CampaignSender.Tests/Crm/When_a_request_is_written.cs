using System.Text;
using System.Text.Json;
using CampaignSender.Contracts;
using CampaignSender.Host.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_a_request_is_written
{
    private static readonly DateTimeOffset SentAt = new(2026, 3, 1, 9, 30, 0, 250, TimeSpan.FromHours(-3));

    [Test]
    public void A_message_has_exactly_this_form()
    {
        var order = Given.Order with
        {
            Template = Given.Template with
            {
                Content = "Olá {{contact.name}}, \"até já\" & <tchau> 😀\n{{contact.colour}} {{contact.unknown}}",
                Variables = ["zip", "name", "colour", "missing"],
            },
        };
        var contact = Given.ContactWith("""{"colour":"blue","zip":"01310-100"}""") with
        {
            ContactInboxes = [Given.Inbox(Given.InboxId, "5511999990001")],
        };

        Assert.That(
            Text(ConversationRequest.Message(order, contact, SentAt)),
            Is.EqualTo(
                OnOneLine(
                    """
                    {
                    "source_id":"5511999990001",
                    "inbox_id":"11111111-aaaa-4bbb-8ccc-000000000001",
                    "contact_id":"22222222-aaaa-4bbb-8ccc-000000000001",
                    "status":"open",
                    "message":{
                    "content":"Olá Ana Souza, \"até já\" & <tchau> \uD83D\uDE00\nblue {{contact.unknown}}",
                    "message_type":"outgoing",
                    "private":false,
                    "content_attributes":{
                    "campaign_id":"33333333-aaaa-4bbb-8ccc-000000000001",
                    "sent_at":"2026-03-01T12:30:00.25Z"
                    },
                    "template_params":{
                    "id":"55555555-aaaa-4bbb-8ccc-000000000001",
                    "name":"offer",
                    "category":"MARKETING",
                    "language":"pt_BR",
                    "processed_params":{"zip":"01310-100","name":"Ana Souza","colour":"blue","missing":""},
                    "variables_resolved":true,
                    "dispatch_key":"44444444-aaaa-4bbb-8ccc-000000000001"
                    }
                    }
                    }
                    """
                )
            )
        );
    }

    [Test]
    public void A_question_for_the_thread_is_the_same_without_a_message() =>
        Assert.That(
            Text(
                ConversationRequest.Thread(
                    Given.Order,
                    Given.Contact with
                    {
                        ContactInboxes = [Given.Inbox(Given.InboxId, "5511999990001")],
                    }
                )
            ),
            Is.EqualTo(
                OnOneLine(
                    """
                    {
                    "source_id":"5511999990001",
                    "inbox_id":"11111111-aaaa-4bbb-8ccc-000000000001",
                    "contact_id":"22222222-aaaa-4bbb-8ccc-000000000001"
                    }
                    """
                )
            )
        );

    [Test]
    public void A_source_id_that_is_not_known_is_left_out()
    {
        Assert.That(Message(Given.Order, Given.Contact).TryGetProperty("source_id", out _), Is.False);
        Assert.That(Text(ConversationRequest.Thread(Given.Order, Given.Contact)), Does.Not.Contain("source_id"));
    }

    // The CRM would believe that the message came from the channel, and would not send it.
    [Test]
    public void The_message_itself_has_no_source_id([Values] ChannelType channel) =>
        Assert.That(
            Message(Given.Order with { Channel = channel }, Given.Contact)
                .GetProperty("message")
                .EnumerateObject()
                .Select(property => property.Name),
            Is.EqualTo((string[])["content", "message_type", "private", "content_attributes", "template_params"])
        );

    // Positional templates are filled in the order of the keys; PostgreSQL's and Ruby's own orders are others.
    [TestCase("b", "a", "c")]
    [TestCase("10", "9", "1")]
    [TestCase("longest", "x", "longer")]
    public void Parameters_keep_the_order_of_the_variables(params string[] variables)
    {
        var order = Given.Order with { Template = Given.Template with { Variables = variables } };

        Assert.That(
            Message(order, Given.Contact)
                .GetProperty("message")
                .GetProperty("template_params")
                .GetProperty("processed_params")
                .EnumerateObject()
                .Select(property => property.Name),
            Is.EqualTo(variables)
        );
    }

    // The CRM fills in its own copy of an e-mail's text, with what it finds among the parameters.
    [TestCase(
        ChannelType.Email,
        """{"colour":"blue","contact.name":"Ana Souza","contact.coupon":"A-1"," contact.coupon ":"A-1","contact.empty":"","contact.phone":"+5511999990001"}"""
    )]
    [TestCase(ChannelType.Whatsapp, """{"colour":"blue"}""")]
    [TestCase(ChannelType.Sms, """{"colour":"blue"}""")]
    public void Placeholders_are_parameters_of_an_e_mail_alone(ChannelType channel, string expected)
    {
        var order = Given.Order with
        {
            Channel = channel,
            Template = Given.Template with
            {
                Content =
                    "{{colour}} {{contact.name}} {{contact.coupon}} {{ contact.coupon }} {{contact.coupon}} "
                    + "{contact.phone} {{contact.empty}} {{contact.unknown}}",
                Subject = "{{contact.name}}, call from {{contact.phone}}",
                Variables = ["colour"],
            },
        };

        Assert.That(
            Message(order, Given.ContactWith("""{"colour":"blue","coupon":"A-1","empty":null}"""))
                .GetProperty("message")
                .GetProperty("template_params")
                .GetProperty("processed_params")
                .GetRawText(),
            Is.EqualTo(expected)
        );
    }

    [TestCase(ChannelType.Whatsapp, "Rua A, 1\r\n Apto\t2", "Rua A, 1 Apto 2")]
    [TestCase(ChannelType.Whatsapp, "much      room", "much room")]
    [TestCase(ChannelType.Whatsapp, " two  spaces ", " two  spaces ")]
    [TestCase(ChannelType.Sms, "Rua A, 1\n<Apto>", "Rua A, 1\n<Apto>")]
    [TestCase(ChannelType.Email, "<a href='x'>\n", "&lt;a href='x'>\n")]
    public void A_value_is_text_that_the_channel_takes(ChannelType channel, string value, string expected)
    {
        var order = Given.Order with { Channel = channel, Template = Given.Template with { Variables = ["address"] } };
        var attributes = JsonSerializer.Serialize(new Dictionary<string, string> { ["address"] = value });

        Assert.That(
            Message(order, Given.ContactWith(attributes))
                .GetProperty("message")
                .GetProperty("template_params")
                .GetProperty("processed_params")
                .GetProperty("address")
                .GetString(),
            Is.EqualTo(expected)
        );
    }

    [Test]
    public void A_placeholder_that_is_a_variable_is_no_parameter_twice()
    {
        var order = Given.Order with
        {
            Channel = ChannelType.Email,
            Template = Given.Template with { Content = "{{contact.email}}", Variables = ["contact.email"] },
        };

        Assert.That(
            Text(ConversationRequest.Message(order, Given.Contact, SentAt)),
            Does.Contain(
                """
                "processed_params":{"contact.email":"ana@example.com"}
                """.Trim()
            )
        );
    }

    [Test]
    public void Parameters_are_an_object_even_where_there_are_none_and_hold_no_null()
    {
        var order = Given.Order with
        {
            Template = Given.Template with { Id = null, Variables = [], Language = null, Category = null },
        };
        var parameters = Message(order, Given.Contact).GetProperty("message").GetProperty("template_params");

        Assert.That(parameters.GetProperty("processed_params").GetRawText(), Is.EqualTo("{}"));
        Assert.That(
            parameters.EnumerateObject().Select(parameter => parameter.Name),
            Is.EqualTo((string[])["name", "processed_params", "variables_resolved", "dispatch_key"])
        );
    }

    // It may be on the wire still.
    [Test]
    public void A_body_stays_as_it_is_while_others_are_written()
    {
        var body = ConversationRequest.Message(Given.Order, Given.Contact, SentAt);
        var written = Text(body);

        ConversationRequest.Message(Given.Order, Given.Contact with { Name = new string('x', 10_000) }, SentAt);
        ConversationRequest.Thread(Given.Order, Given.Contact);

        Assert.That(Text(body), Is.EqualTo(written));
    }

    [Test]
    public void One_that_broke_off_leaves_nothing_in_the_next()
    {
        var expected = Text(ConversationRequest.Message(Given.Order, Given.Contact, SentAt));
        var broken = Given.Order with { Template = Given.Template with { Variables = [null!] } };

        Assert.That(() => ConversationRequest.Message(broken, Given.Contact, SentAt), Throws.Exception);
        Assert.That(Text(ConversationRequest.Message(Given.Order, Given.Contact, SentAt)), Is.EqualTo(expected));
    }

    [Test]
    public async Task The_key_is_found_again_in_the_thread_that_holds_the_message()
    {
        var message = Message(Given.Order, Given.Contact).GetProperty("message").GetRawText();
        using var body = new MemoryStream(Encoding.UTF8.GetBytes($$"""{"messages":[{{message}}]}"""));

        var thread = await ThreadReader.Read(body, Given.Order.DispatchKey, CancellationToken.None);

        Assert.That(thread?.Found, Is.True);
    }

    private static JsonElement Message(DispatchOrder order, CrmContact contact) =>
        Given.Json(Text(ConversationRequest.Message(order, contact, SentAt)));

    private static string Text(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span);

    private static string OnOneLine(string json) => json.Replace("\n", "", StringComparison.Ordinal);
}
