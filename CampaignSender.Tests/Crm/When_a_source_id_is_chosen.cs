using CampaignSender.Contracts;
using CampaignSender.Host.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_a_source_id_is_chosen
{
    private static readonly CrmContact Full = Given.Contact with
    {
        ContactInboxes = [Given.Inbox(Given.OtherInboxId, "1"), Given.Inbox(Given.InboxId, "2")],
        Identifier = "3",
        PhoneNumber = "4",
    };

    [Test]
    public void The_address_in_the_campaigns_inbox_comes_first() => Assert.That(Choose(Full), Is.EqualTo("2"));

    [Test]
    public void The_identifier_comes_second() =>
        Assert.That(Choose(Full with { ContactInboxes = [Given.Inbox(Given.OtherInboxId, "1")] }), Is.EqualTo("3"));

    [Test]
    public void The_phone_number_comes_last() =>
        Assert.That(Choose(Full with { ContactInboxes = null, Identifier = null }), Is.EqualTo("4"));

    [Test]
    public void For_an_e_mail_it_is_the_address_in_the_inbox_or_the_contacts_and_nothing_else()
    {
        var elsewhere = Full with { ContactInboxes = [Given.Inbox(Given.OtherInboxId, "1")] };

        Assert.That(Choose(Full, ChannelType.Email), Is.EqualTo("2"));
        Assert.That(Choose(elsewhere, ChannelType.Email), Is.EqualTo("ana@example.com"));
        Assert.That(Choose(elsewhere with { Email = "a**@example.com" }, ChannelType.Email), Is.Null);
        Assert.That(Choose(elsewhere with { Email = null }, ChannelType.Email), Is.Null);
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
        var nowhere = Given.Contact with { PhoneNumber = " " };

        Assert.That(Missing(nowhere, channel), Is.EqualTo("no phone number"));
        Assert.That(Missing(Given.Contact, channel), Is.Null);
        Assert.That(Missing(nowhere with { ContactInboxes = Full.ContactInboxes }, channel), Is.Null);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("  ")]
    public void An_empty_one_is_passed_over_and_never_sent(string? empty)
    {
        var contact = Full with { ContactInboxes = [Given.Inbox(Given.InboxId, empty)], Identifier = empty };

        Assert.Multiple(() =>
        {
            foreach (var channel in (ChannelType[])[ChannelType.Whatsapp, ChannelType.Sms])
            {
                Assert.That(Choose(contact, channel), Is.EqualTo("4"));
                Assert.That(Choose(contact with { PhoneNumber = empty }, channel), Is.Null);
            }

            Assert.That(Choose(contact with { Email = empty }, ChannelType.Email), Is.Null);
        });
    }

    [Test]
    public void A_masked_one_is_never_sent([Values(ChannelType.Whatsapp, ChannelType.Sms)] ChannelType channel)
    {
        var contact = Full with
        {
            ContactInboxes = [Given.Inbox(Given.InboxId, "*********0001")],
            Identifier = "a**@example.com",
        };

        Assert.That(Choose(contact, channel), Is.EqualTo("4"));
        Assert.That(Choose(contact with { PhoneNumber = "+** ** *****-0001" }, channel), Is.Null);
    }

    [TestCase("5511999990001")]
    [TestCase("+5511999990001")]
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
    [TestCase("ana@example.com")]
    [TestCase("customer-17")]
    [TestCase("@lid")]
    [TestCase("1-@g.us")]
    [TestCase("br.a1")]
    [TestCase("BRA.a1")]
    [TestCase("BR.")]
    public void WhatsApp_does_not_take_and_the_next_one_is_chosen(string address) =>
        Assert.That(Choose(Full with { ContactInboxes = [Given.Inbox(Given.InboxId, address)] }), Is.EqualTo("3"));

    [Test]
    public void None_is_left_where_WhatsApp_takes_none() =>
        Assert.That(
            Choose(
                new CrmContact
                {
                    Id = Given.ContactId,
                    Identifier = "customer-17",
                    PhoneNumber = "none",
                }
            ),
            Is.Null
        );

    [TestCase(ChannelType.Email, "ana@example.com")]
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

        Assert.That(Choose(Full with { ContactInboxes = [unreadable] }), Is.EqualTo("3"));
    }

    private static string? Choose(CrmContact contact, ChannelType channel = ChannelType.Whatsapp) =>
        SourceId.Choose(contact, Given.InboxId, channel);

    private static string? Missing(CrmContact contact, ChannelType channel) =>
        SourceId.Missing(contact, Given.InboxId, channel);
}
