using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Growth;

internal sealed record GrowthOptions
{
    public required BrokerKind Broker { get; init; }
    public required int Contacts { get; init; }

    /// <summary>Rows of other campaigns that are in the table before.</summary>
    public required int OtherContacts { get; init; }

    public required TimeSpan CrmLatency { get; init; }
    public required int Replicas { get; init; }

    /// <summary>The longest that the campaign may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Environment variables of the replicas.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required string HostAssembly { get; init; }
}
