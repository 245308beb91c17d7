using CampaignSender.Host.Configuration;
using CampaignSender.Host.Database;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;

namespace CampaignSender.Host.Campaigns;

/// <summary>
/// Tells of campaigns that send and have contacts pending, but no page that would come to them: evo-flow's packer did not
/// publish it, it is a dead letter, or it was lost. Looked for while nothing else is to do: a look reads all contacts of
/// such a campaign, and while pages wait, one of its own may be among them.
/// </summary>
internal sealed partial class CampaignStandstill(
    CampaignStandstillStore store,
    DatabaseReadiness database,
    SenderMetrics metrics,
    TimeProvider time,
    ILogger<CampaignStandstill> logger
) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private HashSet<Guid> _told = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Migrated.WaitAsync(stoppingToken);
        long? lookedAt = null;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.NextTick(stoppingToken))
        {
            if (metrics.IsIdle && (lookedAt is not { } last || time.GetElapsedTime(last) >= BetweenLooks))
            {
                lookedAt = time.GetTimestamp();
                await Look(stoppingToken);
            }
        }
    }

    private async Task Look(CancellationToken stoppingToken)
    {
        try
        {
            var standing = await store.Find(Patience, stoppingToken);
            metrics.StandingCampaignsCounted(standing.Count);
            foreach (var campaign in standing.Where(campaign => !_told.Contains(campaign.CampaignId)))
            {
                LogStanding(logger, campaign.CampaignId, campaign.Pending);
            }

            _told = [.. standing.Select(campaign => campaign.CampaignId)];
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            metrics.StandingCampaignsCounted(null);
            LogFailed(logger, FaultLog.StackOf(exception), FaultLog.CauseOf(exception));
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Campaign {CampaignId} stands still: {Pending} contacts are pending, and no page comes to them"
    )]
    private static partial void LogStanding(ILogger logger, Guid campaignId, long pending);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Campaigns that stand still cannot be looked for: {Reason}")]
    private static partial void LogFailed(ILogger logger, Exception? exception, string reason);
}
