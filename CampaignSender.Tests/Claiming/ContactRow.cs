namespace CampaignSender.Tests.Claiming;

/// <summary>A row of <c>campaigns_contacts</c>, as it is stored.</summary>
internal sealed record ContactRow
{
    public Guid Id { get; init; }
    public Guid ContactId { get; init; }
    public string Status { get; init; } = "";
    public Guid? ClaimId { get; init; }
    public DateTime? ClaimExpiresAt { get; init; }
    public int ClaimAttempts { get; init; }
    public DateTime? SentAt { get; init; }
    public DateTime? SettledAt { get; init; }
    public string? FailureCode { get; init; }
    public string? FailureReason { get; init; }
    public string? CrmMessageId { get; init; }
}
