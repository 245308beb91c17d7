using System.Text;
using CampaignSender.Host.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_a_contact_is_read
{
    private const string Id = "22222222-aaaa-4bbb-8ccc-000000000001";

    private const string Full = $$$"""
        {"id":"{{{Id}}}","name":"Ana Souza","email":"ana@example.com","phone_number":"+5511999990001","identifier":"17",
         "blocked":true,"type":"person","custom_attributes":{"colour":"blue"},"additional_attributes":{},
         "contact_inboxes":[{"source_id":"5511999990001","inbox":{"id":"11111111-aaaa-4bbb-8ccc-000000000001"}}]}
        """;

    [TestCase(Full)]
    [TestCase($$$"""{"success":true,"data":{{{Full}}},"meta":{}}""")]
    public void It_may_be_wrapped_or_plain(string body)
    {
        var contact = CrmContactEnvelope.Read(Given.Body(body));

        Assert.That(contact, Is.Not.Null);
        Assert.Multiple(() =>
        {
            Assert.That(contact!.Id, Is.EqualTo(Given.ContactId));
            Assert.That(contact.Name, Is.EqualTo("Ana Souza"));
            Assert.That(contact.Email, Is.EqualTo("ana@example.com"));
            Assert.That(contact.PhoneNumber, Is.EqualTo("+5511999990001"));
            Assert.That(contact.Identifier, Is.EqualTo("17"));
            Assert.That(contact.Blocked);
            Assert.That(contact.CustomAttributes.GetProperty("colour").GetString(), Is.EqualTo("blue"));
            Assert.That(contact.ContactInboxes, Has.Count.EqualTo(1));
            Assert.That(contact.ContactInboxes![0]!.SourceId, Is.EqualTo("5511999990001"));
            Assert.That(contact.ContactInboxes[0]!.BelongsTo(Given.InboxId));
            Assert.That(contact.ContactInboxes[0]!.BelongsTo(Given.OtherInboxId), Is.False);
        });
    }

    [TestCase($$"""{"id":"{{Id}}"}""")]
    [TestCase($$$"""{"data":{"id":"{{{Id}}}"}}""")]
    [TestCase($$"""{"id":"{{Id}}","name":null,"email":null,"custom_attributes":null,"contact_inboxes":null}""")]
    public void It_may_have_nothing_but_its_id(string body) =>
        Assert.That(CrmContactEnvelope.Read(Given.Body(body))?.Id, Is.EqualTo(Given.ContactId));

    // Taken for a contact, each of these would get a message without a name, or one to nobody.
    [TestCase("")]
    [TestCase("null")]
    [TestCase("7")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"data":null}""")]
    [TestCase("""{"data":{}}""")]
    [TestCase("""{"data":[]}""")]
    [TestCase("""{"error":"Contact could not be loaded"}""")]
    [TestCase("""{"name":"Ana Souza"}""")]
    [TestCase("""{"id":null,"name":"Ana Souza"}""")]
    [TestCase("""{"id":"seventeen","name":"Ana Souza"}""")]
    [TestCase($$$"""{"id":"{{{Id}}}","name":{}}""")]
    [TestCase($$"""{"id":"{{Id}}","name":"cut o""")]
    [TestCase("<html>Sign in</html>")]
    public void Anything_else_is_no_contact(string body) =>
        Assert.That(CrmContactEnvelope.Read(Given.Body(body)), Is.Null);

    // The memory is the next answer's then.
    [Test]
    public void It_is_the_same_when_the_body_is_gone()
    {
        var body = Encoding.UTF8.GetBytes(Full);
        var contact = CrmContactEnvelope.Read(body)!;

        Array.Fill(body, (byte)'x');

        Assert.That(contact.Name, Is.EqualTo("Ana Souza"));
        Assert.That(contact.CustomAttributes.GetRawText(), Is.EqualTo("""{"colour":"blue"}"""));
        Assert.That(contact.ContactInboxes![0]!.SourceId, Is.EqualTo("5511999990001"));
        Assert.That(contact.ContactInboxes[0]!.BelongsTo(Given.InboxId));
    }

    [Test]
    public void A_body_in_another_encoding_is_no_contact() =>
        Assert.That(CrmContactEnvelope.Read(Encoding.Latin1.GetBytes($$"""{"id":"{{Id}}","name":"José"}""")), Is.Null);
}
