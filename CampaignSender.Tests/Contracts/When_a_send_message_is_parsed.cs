using CampaignSender.Contracts;
using NUnit.Framework;

namespace CampaignSender.Tests.Contracts;

public sealed class When_a_send_message_is_parsed
{
    private const string IdRule = "must be a uuid of 36 characters";
    private const string CorrelationIdRule = "must be a version 4 uuid of 36 characters";
    private const string PackKeyRule = "must be a string that is not empty, or be left out";
    private const string PageRule = "must be a whole number from 1 to 2147483647";

    [Test]
    public void Every_field_is_read()
    {
        var message = Parsing.Of<CampaignsSend>(MessageBody.Send());

        var expected = new CampaignsSend
        {
            CampaignId = Guid.Parse(MessageBody.CampaignId),
            Page = 2,
            TotalPages = 3,
            ContactIds = [Guid.Parse(MessageBody.ContactId), Guid.Parse(MessageBody.OtherContactId)],
            TemplateId = Guid.Parse(MessageBody.TemplateId),
            ChannelType = ChannelType.Whatsapp,
            PackKey = "pack-1",
            CorrelationId = Guid.Parse(MessageBody.CorrelationId),
        };
        Assert.That(message, Is.EqualTo(expected));
        Assert.That(message.GetHashCode(), Is.EqualTo(expected.GetHashCode()));
    }

    [Test]
    public void The_pack_key_may_be_left_out()
    {
        var message = Parsing.Of<CampaignsSend>(MessageBody.Send().Without("packKey"));

        Assert.That(message.PackKey, Is.Null);
    }

    [TestCase("\"whatsapp\"", ChannelType.Whatsapp)]
    [TestCase("\"email\"", ChannelType.Email)]
    [TestCase("\"sms\"", ChannelType.Sms)]
    [TestCase("\"\\u0073ms\"", ChannelType.Sms)]
    public void Each_channel_is_known(string value, ChannelType channel)
    {
        var message = Parsing.Of<CampaignsSend>(MessageBody.Send().With("channelType", value));

        Assert.That(message.ChannelType, Is.EqualTo(channel));
    }

    [Test]
    public void Upper_case_hexadecimal_digits_and_escaped_names_are_the_same_to_JSON_and_to_us()
    {
        var body = MessageBody
            .Send()
            .With("campaignId", $"\"{MessageBody.CampaignId.ToUpperInvariant()}\"")
            .Without("page")
            .With("\\u0070age", "2");

        Assert.That(Parsing.Of<CampaignsSend>(body), Is.EqualTo(Parsing.Of<CampaignsSend>(MessageBody.Send())));
    }

    [Test]
    public void The_same_contact_may_be_named_twice()
    {
        var body = MessageBody.Send().With("contactIds", $"[\"{MessageBody.ContactId}\",\"{MessageBody.ContactId}\"]");

        Assert.That(Parsing.Of<CampaignsSend>(body).ContactIds, Has.Count.EqualTo(2));
    }

    [Test]
    public void Surrogate_pairs_in_escapes_are_text()
    {
        var message = Parsing.Of<CampaignsSend>(MessageBody.Send().With("packKey", "\"a\\\\\\ud83d\\ude00\\n\""));

        Assert.That(message.PackKey, Is.EqualTo("a\\\U0001F600\n"));
    }

    [TestCase("campaignId", "null", IdRule)]
    [TestCase("campaignId", "7", IdRule)]
    [TestCase("campaignId", "{\"a\":[1]}", IdRule)]
    [TestCase("campaignId", "\"\"", IdRule)]
    [TestCase("campaignId", "\"0b9b1a663a0c4ff09b538c8a1f0d2e11\"", IdRule)]
    [TestCase("campaignId", "\"{0b9b1a66-3a0c-4ff0-9b53-8c8a1f0d2e11}\"", IdRule)]
    [TestCase("campaignId", "\" 0b9b1a66-3a0c-4ff0-9b53-8c8a1f0d2e11\"", IdRule)]
    [TestCase("campaignId", "\"0b9b1a66-3a0c-4ff0-9b53-8c8a1f0d2e1\"", IdRule)]
    [TestCase("campaignId", "\"0xb91a66-3a0c-4ff0-9b53-8c8a1f0d2e11\"", IdRule)]
    [TestCase("campaignId", "\"\\ud800\"", IdRule)]
    [TestCase("templateId", "\"welcome\"", IdRule)]
    [TestCase("templateId", "true", IdRule)]
    [TestCase("correlationId", "\"not-a-uuid\"", CorrelationIdRule)]
    [TestCase("correlationId", "null", CorrelationIdRule)]
    [TestCase("correlationId", "\"16fd2706-8baf-133b-82eb-8c7fada847da\"", CorrelationIdRule)]
    [TestCase("correlationId", "\"16fd2706-8baf-433b-72eb-8c7fada847da\"", CorrelationIdRule)]
    [TestCase("correlationId", "\"16fd2706-8baf-433b-c2eb-8c7fada847da\"", CorrelationIdRule)]
    [TestCase("correlationId", "\"00000000-0000-0000-0000-000000000000\"", CorrelationIdRule)]
    [TestCase("page", "0", PageRule)]
    [TestCase("page", "-1", PageRule)]
    [TestCase("page", "1.5", PageRule)]
    [TestCase("page", "1e0", PageRule)]
    [TestCase("page", "2147483648", PageRule)]
    [TestCase("page", "1e999", PageRule)]
    [TestCase("page", "\"1\"", PageRule)]
    [TestCase("page", "null", PageRule)]
    [TestCase("page", "[1]", PageRule)]
    [TestCase("totalPages", "0", PageRule)]
    [TestCase("totalPages", "99999999999999999999", PageRule)]
    [TestCase("totalPages", "1", "must not be less than page")]
    [TestCase("contactIds", "[]", "must hold at least one id")]
    [TestCase("contactIds", "null", "must be an array of uuids")]
    [TestCase("contactIds", "\"5d2f4b1e-77aa-4d0c-8f3e-2b6a9c1d0e22\"", "must be an array of uuids")]
    [TestCase("contactIds", "{\"0\":1}", "must be an array of uuids")]
    [TestCase("channelType", "\"carrier-pigeon\"", "must be one of whatsapp, email, sms")]
    [TestCase("channelType", "\"WhatsApp\"", "must be one of whatsapp, email, sms")]
    [TestCase("channelType", "0", "must be one of whatsapp, email, sms")]
    [TestCase("channelType", "null", "must be one of whatsapp, email, sms")]
    [TestCase("channelType", "\"\\udc00\"", "must be one of whatsapp, email, sms")]
    [TestCase("packKey", "\"\"", PackKeyRule)]
    [TestCase("packKey", "null", PackKeyRule)]
    [TestCase("packKey", "1", PackKeyRule)]
    [TestCase("packKey", "\"\\ud83d\"", PackKeyRule)]
    [TestCase("packKey", "\"\\ud83d\\u0041\"", PackKeyRule)]
    [TestCase("packKey", "\"\\ude00\\ud83d\"", PackKeyRule)]
    public void A_broken_rule_is_reported_alone(string field, string value, string rule)
    {
        var violations = Parsing.ViolationsOf<CampaignsSend>(MessageBody.Send().With(field, value));

        Assert.That(violations, Is.EqualTo([$"$.{field} {rule}"]));
    }

    [TestCase("campaignId")]
    [TestCase("page")]
    [TestCase("totalPages")]
    [TestCase("contactIds")]
    [TestCase("templateId")]
    [TestCase("channelType")]
    [TestCase("correlationId")]
    public void A_missing_field_is_named(string field)
    {
        var violations = Parsing.ViolationsOf<CampaignsSend>(MessageBody.Send().Without(field));

        Assert.That(violations, Is.EqualTo([$"$.{field} is required"]));
    }

    [Test]
    public void Each_invalid_contact_id_is_named_by_its_position()
    {
        var body = MessageBody
            .Send()
            .With(
                "contactIds",
                $"[\"{MessageBody.ContactId}\",\"x\",null,{{\"id\":[1]}},\"{MessageBody.ContactId}\",[]]"
            );

        Assert.That(
            Parsing.ViolationsOf<CampaignsSend>(body),
            Is.EqualTo([
                $"$.contactIds[1] {IdRule}",
                $"$.contactIds[2] {IdRule}",
                $"$.contactIds[3] {IdRule}",
                $"$.contactIds[5] {IdRule}",
            ])
        );
    }

    [Test]
    public void As_many_contact_ids_as_the_limit_are_read_and_one_more_is_refused()
    {
        var limits = new MessageLimits { MaxContactIds = 3 };

        var message = MessageParser.Parse<CampaignsSend>(WithContacts(3).ToBytes(), limits);
        Assert.That(message.ContactIds, Has.Count.EqualTo(3));

        var violations = Parsing.ViolationsOf<CampaignsSend>(WithContacts(4), limits);
        Assert.That(violations, Is.EqualTo(["$.contactIds must hold at most 3 ids"]));
    }

    [Test]
    public void Ten_thousand_contact_ids_are_the_limit_unless_configured()
    {
        Assert.That(Parsing.Of<CampaignsSend>(WithContacts(10_000)).ContactIds, Has.Count.EqualTo(10_000));
        Assert.That(
            Parsing.ViolationsOf<CampaignsSend>(WithContacts(10_001)),
            Is.EqualTo(["$.contactIds must hold at most 10000 ids"])
        );
    }

    [Test]
    public void An_unknown_field_is_refused_whatever_it_holds()
    {
        var body = MessageBody.Send().With("priority", "{\"page\":[{}, null, 1e5]}").With("Page", "1");

        Assert.That(
            Parsing.ViolationsOf<CampaignsSend>(body),
            Is.EqualTo(["$.priority is not a known field", "$.Page is not a known field"])
        );
    }

    [Test]
    public void A_field_that_occurs_twice_is_refused_even_with_the_same_value()
    {
        var body = MessageBody.Send().WithAnother("page", "2").WithAnother("\\u0070ackKey", "\"pack-1\"");

        Assert.That(
            Parsing.ViolationsOf<CampaignsSend>(body),
            Is.EqualTo(["$.page must not occur twice", "$.packKey must not occur twice"])
        );
    }

    [Test]
    public void All_broken_rules_are_reported_at_once()
    {
        var body = MessageBody
            .Send()
            .Without("templateId")
            .With("campaignId", "12")
            .With("page", "4")
            .With("contactIds", "[\"x\"]")
            .With("channelType", "\"fax\"")
            .With("packKey", "\"\"")
            .With("correlationId", "\"6ba7b810-9dad-11d1-80b4-00c04fd430c8\"")
            .With("extra", "1")
            .WithAnother("page", "1");

        Assert.That(
            Parsing.ViolationsOf<CampaignsSend>(body),
            Is.EquivalentTo([
                $"$.campaignId {IdRule}",
                "$.totalPages must not be less than page",
                $"$.contactIds[0] {IdRule}",
                "$.templateId is required",
                "$.channelType must be one of whatsapp, email, sms",
                $"$.packKey {PackKeyRule}",
                $"$.correlationId {CorrelationIdRule}",
                "$.extra is not a known field",
                "$.page must not occur twice",
            ])
        );
    }

    private static MessageBody WithContacts(int count) =>
        MessageBody
            .Send()
            .With("contactIds", $"[{string.Join(',', Enumerable.Repeat($"\"{MessageBody.ContactId}\"", count))}]");
}
