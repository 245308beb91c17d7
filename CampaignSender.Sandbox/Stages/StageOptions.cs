using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Servers;

namespace CampaignSender.Sandbox.Stages;

internal sealed record StageOptions
{
    /// <summary>The published <c>CampaignSender.Host.dll</c>.</summary>
    public required string HostAssembly { get; init; }

    public required BrokerKind Broker { get; init; }

    public required int Replicas { get; init; }

    /// <summary>What the servers must be able to do beside serving.</summary>
    public ServerNeeds Needs { get; init; }

    /// <summary>Of a CRM that the stage starts.</summary>
    public SimulatedCrmOptions Crm { get; init; } = new();

    /// <summary>Whether each replica reaches PostgreSQL by a link of its own, which can be cut.</summary>
    public bool HasLinks { get; init; }

    /// <summary>Environment variables of the replicas.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();
}
