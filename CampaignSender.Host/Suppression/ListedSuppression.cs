namespace CampaignSender.Host.Suppression;

/// <summary>An entry as the list shows it.</summary>
internal sealed record ListedSuppression
{
    public required Guid ContactId { get; init; }
    public required string Channel { get; init; }
    public required string Reason { get; init; }
    public required DateTime? ExpiresAt { get; init; }
    public required DateTime CreatedAt { get; init; }

    /// <summary>Its time has passed: it no longer counts.</summary>
    public required bool IsExpired { get; init; }
}
