using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Load;

internal sealed record LoadOptions
{
    public const string Pending = "PENDING";

    public required BrokerKind Broker { get; init; }
    public required int Contacts { get; init; }
    public required int PageSize { get; init; }
    public required TimeSpan CrmLatency { get; init; }
    public required int Replicas { get; init; }

    /// <summary>How many requests the CRM takes; null: as many as come.</summary>
    public required RequestLimit? CrmLimit { get; init; }

    /// <summary>The part of the messages that the CRM stores without an answer, 0 to 1.</summary>
    public required double DropShare { get; init; }

    /// <summary>The status of all contacts before the start: with any other than PENDING nothing may be posted.</summary>
    public required string SeedStatus { get; init; }

    /// <summary>The longest that the run may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Environment variables of the replicas.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required string HostAssembly { get; init; }

    public long ExpectedSent => SeedStatus is Pending or "SENT" ? Contacts : 0;
}
