namespace CampaignSender.Host.Transport.Kafka;

/// <summary>How missing topics are to be made.</summary>
internal sealed record TopicPlan
{
    public required int Partitions { get; init; }

    public required int ControlPartitions { get; init; }

    /// <summary>−1: the broker's default.</summary>
    public required short ReplicationFactor { get; init; }

    /// <summary>Null: the broker's default.</summary>
    public TimeSpan? Retention { get; init; }
}
