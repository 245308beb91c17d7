namespace CampaignSender.Host.Campaigns;

/// <summary>A contact that got no message. The reason may quote the CRM: for the operator, not for a log.</summary>
internal sealed record FailedContact
{
    public required Guid ContactId { get; init; }

    /// <summary>FAILED or SKIPPED.</summary>
    public required string Status { get; init; }
    public required string? Code { get; init; }
    public required string? Reason { get; init; }
    public required DateTime? SettledAt { get; init; }
}
