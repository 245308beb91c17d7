using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Bench;

internal sealed record BenchOptions
{
    public required IReadOnlyList<BrokerKind> Brokers { get; init; }
    public required IReadOnlyList<BenchCell> Cells { get; init; }

    /// <summary>How often each system is measured in each cell, in turn.</summary>
    public required int Rounds { get; init; }

    /// <summary>About how long one measurement takes.</summary>
    public required int Seconds { get; init; }

    /// <summary>Environment variables of the replicas.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required string HostAssembly { get; init; }
}
