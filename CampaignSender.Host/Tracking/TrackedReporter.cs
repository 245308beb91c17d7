using CampaignSender.Contracts;

namespace CampaignSender.Host.Tracking;

/// <summary>Reports a finished page on <c>campaigns.tracked</c>, with the database's counts.</summary>
internal sealed partial class TrackedReporter(ITrackedPublisher publisher, ILogger<TrackedReporter> logger)
{
    public async Task Report(CampaignsSend page, int sent, int failed, CancellationToken cancellationToken)
    {
        var report = new CampaignsTracked
        {
            CampaignId = page.CampaignId,
            Page = page.Page,
            SentCount = sent,
            FailedCount = failed,
            Completed = page.Page == page.TotalPages,
            CorrelationId = page.CorrelationId,
        };
        await publisher.Publish(report, cancellationToken);
        LogPublished(logger, report.CampaignId, report.Page, sent, failed, report.Completed);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "campaign.tracked.published for page {Page} of {CampaignId}: {Sent} sent, {Failed} failed, completed {Completed}"
    )]
    private static partial void LogPublished(
        ILogger logger,
        Guid campaignId,
        int page,
        int sent,
        int failed,
        bool completed
    );
}
