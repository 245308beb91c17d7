namespace CampaignSender.Sandbox.Bench;

internal sealed record BareLoopOptions
{
    public required Uri Crm { get; init; }
    public required string Token { get; init; }

    /// <summary>An inbox that the CRM knows.</summary>
    public required Guid InboxId { get; init; }

    public required Guid TemplateId { get; init; }
    public required Guid CampaignId { get; init; }
    public required int Contacts { get; init; }

    /// <summary>Contacts before the measured ones, so that code is compiled and connections are open.</summary>
    public required int WarmUp { get; init; }

    /// <summary>Contacts in work at once; each has one request in flight.</summary>
    public required int Concurrency { get; init; }
}
