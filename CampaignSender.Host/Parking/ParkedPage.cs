namespace CampaignSender.Host.Parking;

/// <summary>A stored message, ready to be published again.</summary>
internal sealed record ParkedPage
{
    public required Guid Id { get; init; }
    public required Guid CampaignId { get; init; }
    public required int Page { get; init; }
    public required string Reason { get; init; }
    public required byte[] Body { get; init; }

    /// <summary>JSON object of the producer's transport headers.</summary>
    public required string Headers { get; init; }

    public required int Redrives { get; init; }

    /// <summary>Its campaign was stopped or deleted: it is dropped instead.</summary>
    public required bool HasEnded { get; init; }
}
