namespace CampaignSender.Host.Parking;

/// <summary>A parked page as an operator sees it.</summary>
internal sealed record ListedPage
{
    public required Guid Id { get; init; }
    public required Guid CampaignId { get; init; }
    public required int Page { get; init; }
    public required string Reason { get; init; }
    public required int Redrives { get; init; }
    public required DateTime ParkedAt { get; init; }

    /// <summary>Not published again before.</summary>
    public required DateTime RedriveAt { get; init; }
}
