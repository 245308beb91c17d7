namespace CampaignSender.Host.Suppression;

/// <summary>One contact that is to get no messages.</summary>
internal sealed record SuppressedContact
{
    public const int LongestReason = 200;

    public required Guid ContactId { get; init; }

    /// <summary>See <see cref="SuppressionChannel"/>.</summary>
    public required string Channel { get; init; }

    public required string Reason { get; init; }

    /// <summary>From when on it no longer counts, by the database's clock; null where it lasts.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
