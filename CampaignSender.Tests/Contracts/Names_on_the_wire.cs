using CampaignSender.Contracts;
using NUnit.Framework;

namespace CampaignSender.Tests.Contracts;

/// <summary>Other services know these names: changing one is an incident.</summary>
public sealed class Names_on_the_wire
{
    [TestCase(Topics.Send, "campaigns.send")]
    [TestCase(Topics.Tracked, "campaigns.tracked")]
    [TestCase(Topics.Control, "campaigns.control")]
    [TestCase(Topics.Pack, "campaigns.pack")]
    [TestCase(Topics.SendDeadLetters, "campaigns.send.dlq")]
    [TestCase(Queues.Send, "campaign-sender-campaigns.send")]
    [TestCase(Queues.SendDeadLetters, "campaign-sender-campaigns.send.dlq")]
    [TestCase(MessageHeaderNames.CorrelationId, "correlationId")]
    [TestCase(MessageHeaderNames.MessageId, "messageId")]
    [TestCase(MessageHeaderNames.DeadLetterReason, "x-dlq-reason")]
    [TestCase(MessageHeaderNames.OriginalTopic, "x-original-topic")]
    [TestCase(MessageHeaderNames.DeliveryAttempt, "x-delivery-attempt")]
    public void A_name_stays_as_the_other_services_know_it(string name, string known) =>
        Assert.That(name, Is.EqualTo(known));
}
