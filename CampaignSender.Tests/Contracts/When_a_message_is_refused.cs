using CampaignSender.Contracts;
using NUnit.Framework;

namespace CampaignSender.Tests.Contracts;

/// <summary>The exception's text goes into logs and headers: it has to be short and free of values.</summary>
public sealed class When_a_message_is_refused
{
    [Test]
    public void The_text_lists_paths_and_rules()
    {
        var fault = Parsing.FaultOf<CampaignsControl>(
            MessageBody.Control().With("action", "\"delete\"").Without("campaignId").ToBytes()
        );

        Assert.That(
            fault.Message,
            Is.EqualTo("Invalid message: $.action must be one of pause, stop, resume; $.campaignId is required")
        );
        Assert.That(fault.ViolationCount, Is.EqualTo(2));
    }

    [Test]
    public void The_text_holds_no_value_of_the_body()
    {
        var fault = Parsing.FaultOf<CampaignsSend>(
            MessageBody
                .Send()
                .With("campaignId", "\"ana@example.org\"")
                .With("contactIds", "[\"+5511999990000\"]")
                .With("packKey", "{\"ana@example.org\":\"ana@example.org\"}")
                .With("page", "5511999990000")
                .With("channelType", "\"ana@example.org\"")
                .With("note", "\"ana@example.org\"")
                .ToBytes()
        );

        Assert.That(fault.ToString(), Does.Not.Contain("ana").And.Not.Contain("5511"));
        Assert.That(fault.InnerException, Is.Null);
    }

    [Test]
    public void Twenty_violations_are_listed_and_the_others_counted()
    {
        var fault = Parsing.FaultOf<CampaignsSend>(WithInvalidContacts(21).ToBytes());

        Assert.That(fault.Message, Does.Contain("$.contactIds[19] ").And.Not.Contain("$.contactIds[20] "));
        Assert.That(fault.Message, Does.EndWith("; and 1 more"));
        Assert.That(fault.Violations, Has.Count.EqualTo(21));
    }

    [Test]
    public void A_hundred_violations_are_kept_and_all_are_counted()
    {
        var fault = Parsing.FaultOf<CampaignsSend>(WithInvalidContacts(5_000).Without("page").ToBytes());

        Assert.That(fault.Violations, Has.Count.EqualTo(100));
        Assert.That(fault.ViolationCount, Is.EqualTo(5_001));
        Assert.That(fault.Message, Does.EndWith("; and 4981 more"));
    }

    [Test]
    public void A_fault_of_the_document_is_kept_even_behind_a_hundred_others()
    {
        var fault = Parsing.FaultOf<CampaignsSend>([.. WithInvalidContacts(200).ToBytes(), (byte)'!']);

        Assert.That(fault.Violations, Has.Count.EqualTo(100));
        Assert.That(fault.Violations[0], Is.EqualTo(new Violation("$", "must not be followed by anything")));
        Assert.That(fault.ViolationCount, Is.EqualTo(201));
    }

    [TestCase("Colour_of-hair.1", "$.Colour_of-hair.1")]
    [TestCase("", "$.")]
    [TestCase("a b\\n\\\"<script>", "$.a_b_n___script_")]
    [TestCase("ação", "$.a____o")]
    public void An_unknown_name_is_made_harmless(string name, string path)
    {
        var fault = Parsing.FaultOf<CampaignsSend>(MessageBody.Send().With(name, "1").ToBytes());

        Assert.That(fault.Violations[0].Path, Is.EqualTo(path));
    }

    [Test]
    public void An_unknown_name_is_cut_to_forty_characters()
    {
        var fault = Parsing.FaultOf<CampaignsSend>(MessageBody.Send().With(new string('x', 1_000_000), "1").ToBytes());

        Assert.That(fault.Violations[0].Path, Is.EqualTo("$." + new string('x', 40)));
    }

    private static MessageBody WithInvalidContacts(int count) =>
        MessageBody.Send().With("contactIds", $"[{string.Join(',', Enumerable.Repeat("0", count))}]");
}
