using CampaignSender.Host.Parking;

namespace CampaignSender.Host;

/// <summary>How a page left the flow. A page that cannot be sent at all, or that must return to the broker, throws.</summary>
internal abstract record PageOutcome
{
    private PageOutcome() { }

    /// <summary>All contacts have a verdict and <c>campaigns.tracked</c> was published.</summary>
    internal sealed record Finished : PageOutcome;

    /// <summary>Stored until it can go on.</summary>
    internal sealed record Parked(ParkingReason Reason) : PageOutcome;

    /// <summary>Its campaign was stopped or deleted: nothing more will be sent.</summary>
    internal sealed record Ended : PageOutcome;
}
