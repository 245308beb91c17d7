using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Pace;

internal sealed record PaceOptions
{
    public required BrokerKind Broker { get; init; }

    /// <summary>Over all campaigns.</summary>
    public required int Contacts { get; init; }

    /// <summary>All of the same inbox.</summary>
    public required int Campaigns { get; init; }

    public required int PageSize { get; init; }

    /// <summary>Messages a second that the inbox may send.</summary>
    public required int Rate { get; init; }

    /// <summary>Messages that it may send at once at the start.</summary>
    public required int Capacity { get; init; }

    public required int Replicas { get; init; }
    public required TimeSpan CrmLatency { get; init; }

    /// <summary>Environment variables of the replicas.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required string HostAssembly { get; init; }
}
