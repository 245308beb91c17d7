using CampaignSender.Contracts;
using CampaignSender.Host.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_a_source_id_is_chosen
{
    private static readonly CrmContact Full = Given.Contact with
    {
        ContactInboxes = [Given.Inbox(Given.OtherInboxId, "1"), Given.Inbox(Given.InboxId, "2")],
        Identifier = "3@lid",
        PhoneNumber = null,
    };

    private static readonly CrmContact Elsewhere = Full with
    {
        ContactInboxes = [Given.Inbox(Given.OtherInboxId, "1")],
    };

    [Test]
    public void The_address_in_the_campaigns_inbox_comes_first([Values] ChannelType channel) =>
        Assert.That(Choose(Full, channel), Is.EqualTo("2"));

    [Test]
    public void An_inbox_that_is_none_is_passed_over() =>
        Assert.That(Choose(Full with { ContactInboxes = [null, .. Full.ContactInboxes!] }), Is.EqualTo("2"));

    [TestCase("1234567890123456@lid")]
    [TestCase("+1@lid")]
    [TestCase("120363@g.us")]
    [TestCase("5511-1612@g.us")]
    [TestCase("BR.a1B2")]
    public void An_identifier_of_WhatsApps_stands_in_for_a_phone_number(string identifier)
    {
        var contact = Elsewhere with { Identifier = identifier };

        Assert.That(Choose(contact), Is.EqualTo(identifier));
        Assert.That(Choose(contact with { PhoneNumber = "+4" }), Is.Null, "beside a number");
        Assert.That(Choose(contact, ChannelType.Sms), Is.Null);
    }

    // A customer's number or a tax number would be a stranger's telephone.
    [TestCase("3")]
    [TestCase("12345678909")]
    [TestCase("+5511999990001")]
    [TestCase("whatsapp:+5511999990001")]
    [TestCase("customer-17")]
    [TestCase("ana@example.com")]
    [TestCase("1@lid\n")]
    [TestCase("*********0001@lid")]
    [TestCase("")]
    [TestCase(null)]
    public void No_other_identifier_is_an_address(string? identifier) =>
        Assert.That(Choose(Elsewhere with { Identifier = identifier }), Is.Null);

    // It writes numbers in its own way: another one makes a second conversation beside its own.
    [TestCase(ChannelType.Whatsapp)]
    [TestCase(ChannelType.Sms)]
    public void The_phone_number_is_left_to_the_CRM(ChannelType channel) =>
        Assert.That(Choose(Given.Contact, channel), Is.Null);

    [TestCase("5511999990001", "+5511999990001")]
    [TestCase("5511999990001", "1@lid")]
    [TestCase("5511999990001", "+4", "BR.a1")]
    [TestCase("551199990001", "5511999990001")]
    [TestCase("+4", "+5")]
    [TestCase("+5511999990001", "1@lid")]
    public void Of_several_in_the_inbox_it_is_always_the_same_digits_first(string chosen, params string[] others)
    {
        CrmContactInbox[] inboxes = [.. others.Prepend(chosen).Select(each => Given.Inbox(Given.InboxId, each))];

        Assert.That(Choose(Full with { ContactInboxes = inboxes }), Is.EqualTo(chosen));
        Assert.That(Choose(Full with { ContactInboxes = [.. inboxes.Reverse()] }), Is.EqualTo(chosen));
    }

    [Test]
    public void For_an_e_mail_it_is_the_address_in_the_inbox_or_the_contacts_and_nothing_else()
    {
        Assert.That(Choose(Full, ChannelType.Email), Is.EqualTo("2"));
        Assert.That(Choose(Elsewhere, ChannelType.Email), Is.EqualTo("ana@example.com"));
        Assert.That(Choose(Elsewhere with { Email = "a**@example.com" }, ChannelType.Email), Is.Null);
        Assert.That(Choose(Elsewhere with { Email = null }, ChannelType.Email), Is.Null);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("  ")]
    public void Without_an_e_mail_address_there_is_no_e_mail_whatever_the_inbox_holds(string? email)
    {
        Assert.That(Missing(Full with { Email = email }, ChannelType.Email), Is.EqualTo("no e-mail address"));
        Assert.That(Missing(Full with { Email = "a**@example.com" }, ChannelType.Email), Is.Null, "masked");
    }

    [TestCase(ChannelType.Whatsapp)]
    [TestCase(ChannelType.Sms)]
    public void Without_an_address_there_must_be_a_phone_number(ChannelType channel)
    {
        var nowhere = Given.Contact with { PhoneNumber = " ", Identifier = "17" };

        Assert.That(Missing(nowhere, channel), Is.EqualTo("no phone number"));
        Assert.That(Missing(nowhere with { PhoneNumber = "+** ** *****-0001" }, channel), Is.Null, "masked");
        Assert.That(Missing(Given.Contact, channel), Is.Null);
        Assert.That(Missing(nowhere with { ContactInboxes = Full.ContactInboxes }, channel), Is.Null);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("  ")]
    [TestCase("*********0001")]
    public void An_empty_or_masked_one_is_passed_over_and_never_sent(string? sourceId)
    {
        var contact = Given.Contact with { ContactInboxes = [Given.Inbox(Given.InboxId, sourceId)] };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Choose(contact), Is.Null);
            Assert.That(Choose(contact, ChannelType.Sms), Is.Null);
            Assert.That(Choose(contact with { Email = sourceId }, ChannelType.Email), Is.Null);
            Assert.That(
                Choose(contact with { ContactInboxes = [.. contact.ContactInboxes!, Given.Inbox(Given.InboxId, "2")] }),
                Is.EqualTo("2")
            );
        }
    }

    [TestCase("5511999990001")]
    [TestCase("+5511999990001")]
    [TestCase("whatsapp:+5511999990001")]
    [TestCase("123456789012345")]
    [TestCase("1")]
    [TestCase("1234567890123456@lid")]
    [TestCase("+1@lid")]
    [TestCase("120363@g.us")]
    [TestCase("5511-1612@g.us")]
    [TestCase("BR.a1B2")]
    public void WhatsApp_takes(string address) =>
        Assert.That(Choose(Full with { ContactInboxes = [Given.Inbox(Given.InboxId, address)] }), Is.EqualTo(address));

    [TestCase("1234567890123456")]
    [TestCase("+55 11 99999-0001")]
    [TestCase("(11)99999")]
    [TestCase("5511999990001\n")]
    [TestCase("+")]
    [TestCase("٥٥")]
    [TestCase("whatsapp:5511999990001")]
    [TestCase("whatsapp:+551199999000142@lid")]
    [TestCase("ana@example.com")]
    [TestCase("customer-17")]
    [TestCase("@lid")]
    [TestCase("1-@g.us")]
    [TestCase("br.a1")]
    [TestCase("BRA.a1")]
    [TestCase("BR.")]
    public void WhatsApp_does_not_take_and_the_next_one_is_chosen(string address) =>
        Assert.That(Choose(Full with { ContactInboxes = [Given.Inbox(Given.InboxId, address)] }), Is.EqualTo("3@lid"));

    [TestCase(ChannelType.Email, "ana@example.com")]
    [TestCase(ChannelType.Sms, "+5511999990001")]
    [TestCase(ChannelType.Sms, "customer-17")]
    public void Other_channels_have_no_such_rule(ChannelType channel, string address) =>
        Assert.That(
            Choose(Full with { ContactInboxes = [Given.Inbox(Given.InboxId, address)] }, channel),
            Is.EqualTo(address)
        );

    [TestCase("null")]
    [TestCase("7")]
    [TestCase("{}")]
    [TestCase("""{"id":7}""")]
    [TestCase("""{"id":"no uuid"}""")]
    public void An_inbox_that_cannot_be_read_is_not_ours(string inbox)
    {
        var unreadable = new CrmContactInbox { SourceId = "2", Inbox = Given.Json(inbox) };

        Assert.That(Choose(Full with { ContactInboxes = [unreadable] }), Is.EqualTo("3@lid"));
    }

    private static string? Choose(CrmContact contact, ChannelType channel = ChannelType.Whatsapp) =>
        SourceId.Choose(contact, Given.InboxId, channel);

    private static string? Missing(CrmContact contact, ChannelType channel) =>
        SourceId.Missing(contact, Given.InboxId, channel);
}
