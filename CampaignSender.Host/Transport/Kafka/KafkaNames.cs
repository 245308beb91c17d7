using CampaignSender.Contracts;

namespace CampaignSender.Host.Transport.Kafka;

internal static class KafkaNames
{
    /// <summary>The old sender's group: its committed offsets are taken over.</summary>
    public const string SendGroup = Queues.Send;

    /// <summary>Its committed offsets tell which dead letters an operator has replayed or purged.</summary>
    public const string DeadLetterGroup = Queues.SendDeadLetters;
}
