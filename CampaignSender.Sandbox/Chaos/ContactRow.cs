namespace CampaignSender.Sandbox.Chaos;

/// <summary>A row of <c>campaigns_contacts</c>.</summary>
internal sealed record ContactRow
{
    public required Guid Id { get; init; }
    public required Guid CampaignId { get; init; }
    public required Guid ContactId { get; init; }
    public required string Status { get; init; }
    public Guid? ClaimId { get; init; }
    public DateTime? ClaimExpiresAt { get; init; }
    public int ClaimAttempts { get; init; }
    public string? FailureCode { get; init; }
    public string? FailureReason { get; init; }
    public string? CrmMessageId { get; init; }
    public DateTime? SettledAt { get; init; }
}
