using CampaignSender.Host.Telemetry;

namespace CampaignSender.Host.Parking;

/// <summary>Stores pages that cannot finish now, so that their messages can be acknowledged.</summary>
internal sealed partial class PageParking(ParkingStore store, SenderMetrics metrics, ILogger<PageParking> logger)
{
    /// <summary><paramref name="delay"/>: the page is not published again before it is over.</summary>
    public async Task Park(
        PageDelivery delivery,
        ParkingReason reason,
        TimeSpan delay,
        CancellationToken cancellationToken
    )
    {
        var name = reason.Name();
        await store.Park(delivery, name, delay, cancellationToken);
        metrics.PageParked(reason);
        LogParked(logger, delivery.Page.Page, delivery.Page.CampaignId, name, delay.TotalSeconds);
    }

    /// <summary>The page has come to its end: a copy that is parked has nothing left to do.</summary>
    public Task Forget(PageDelivery delivery, CancellationToken cancellationToken) =>
        store.Forget(delivery, cancellationToken);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Page {Page} of campaign {CampaignId} is parked: {Reason}, for {DelaySeconds:0.0} s at least"
    )]
    private static partial void LogParked(
        ILogger logger,
        int page,
        Guid campaignId,
        string reason,
        double delaySeconds
    );
}
