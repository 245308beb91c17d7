namespace CampaignSender.Host.Parking;

/// <summary>Parked pages that fit all that is set; with nothing set, all of them.</summary>
internal sealed record ParkedSelection
{
    /// <summary>Empty: whichever.</summary>
    public Guid[] Ids { get; init; } = [];

    public Guid? CampaignId { get; init; }

    /// <summary>The name of a <see cref="ParkingReason"/>.</summary>
    public string? Reason { get; init; }
}
