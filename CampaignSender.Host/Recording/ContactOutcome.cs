namespace CampaignSender.Host.Recording;

/// <summary>The verdict on one row.</summary>
internal sealed record ContactOutcome
{
    public required Guid RowId { get; init; }
    public required Guid ContactId { get; init; }

    /// <summary>The claim that the row must still be held by.</summary>
    public required Guid ClaimId { get; init; }
    public required ContactStatus Status { get; init; }

    /// <summary>A further row of a contact that has its verdict in another row.</summary>
    public bool IsDuplicate { get; init; }
    public string? Code { get; init; }
    public string? Reason { get; init; }
    public string? MessageId { get; init; }
}
