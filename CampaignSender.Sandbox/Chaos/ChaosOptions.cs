using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Chaos;

internal sealed record ChaosOptions
{
    public required BrokerKind Broker { get; init; }

    /// <summary>Different contacts, over all campaigns.</summary>
    public required int Contacts { get; init; }

    public required int PageSize { get; init; }
    public required int Replicas { get; init; }
    public required int Faults { get; init; }
    public required int Seed { get; init; }

    /// <summary>The only kinds that may occur.</summary>
    public IReadOnlySet<FaultKind> Kinds { get; init; } = FaultTraits.All;

    /// <summary>Whether one of the campaigns is stopped for good.</summary>
    public bool StopsCampaign => Faults > 0 && Kinds.Contains(FaultKind.CampaignStop);

    /// <summary>The time that the faults are spread over.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The part of the posts whose message is stored and whose connection is then cut, from start to end.</summary>
    public required double DropShare { get; init; }

    /// <summary>How long the CRM is away in the middle, beside the other faults; zero: not at all.</summary>
    public required TimeSpan CrmOutage { get; init; }

    /// <summary>The longest that it may take from peace to the last report.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Environment variables of the replicas, which win over those of <see cref="ReplicaPace"/>.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required string HostAssembly { get; init; }

    /// <summary>Where the replicas' logs are copied to; null: nowhere.</summary>
    public string? LogFolder { get; init; }
}
