using CampaignSender.Contracts;

namespace CampaignSender.Host.Transport.Kafka;

internal static class KafkaNames
{
    /// <summary>The old sender's group: its committed offsets are taken over.</summary>
    public const string SendGroup = Queues.Send;
}
