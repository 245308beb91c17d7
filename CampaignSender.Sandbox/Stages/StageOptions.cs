using CampaignSender.Sandbox.Crm;

namespace CampaignSender.Sandbox.Stages;

internal sealed record StageOptions
{
    /// <summary>The published <c>CampaignSender.Host.dll</c>.</summary>
    public required string HostAssembly { get; init; }

    public required BrokerKind Broker { get; init; }

    public required int Replicas { get; init; }

    public required SimulatedCrmOptions Crm { get; init; }

    /// <summary>Environment variables of the replicas.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();
}
