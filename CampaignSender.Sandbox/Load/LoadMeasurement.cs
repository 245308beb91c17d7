namespace CampaignSender.Sandbox.Load;

/// <summary>What a campaign took, summed over the replicas.</summary>
internal sealed record LoadMeasurement
{
    /// <summary>From the first page published to the last page reported.</summary>
    public required TimeSpan Duration { get; init; }

    public required TimeSpan ProcessorTime { get; init; }

    /// <summary>Bytes, of the replica that needed most since its start.</summary>
    public required long PeakMemory { get; init; }

    /// <summary>On the managed heap.</summary>
    public required double AllocatedBytes { get; init; }

    /// <summary>SQL statements; null where the server does not count them.</summary>
    public required long? Statements { get; init; }

    /// <summary>What PostgreSQL wrote to its log.</summary>
    public required long WalBytes { get; init; }

    /// <summary>TCP segments with data that the replicas sent to the broker; null where they cannot be counted.</summary>
    public required long? BrokerSegments { get; init; }
}
