using CampaignSender.Host.Configuration;
using CampaignSender.Host.Database;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;

namespace CampaignSender.Host.Campaigns;

/// <summary>
/// Tells of campaigns that send and have contacts pending, but no page that would come to them: evo-flow's packer did not
/// publish it, it is a dead letter, or it was lost. Looked for while nothing else is to do: while pages wait, one of its own
/// may be among them. One replica looks for all of them.
/// </summary>
internal sealed partial class CampaignStandstill(
    CampaignStandstillStore store,
    DatabaseReadiness database,
    SenderMetrics metrics,
    TimeProvider time,
    ILogger<CampaignStandstill> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Migrated.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.NextTick(stoppingToken))
        {
            await Tell(stoppingToken);
        }
    }

    private async Task Tell(CancellationToken stoppingToken)
    {
        try
        {
            var standing = await store.Count(stoppingToken);
            while ((metrics.IsIdle || standing > 0) && await store.TakeDue(metrics.IsIdle, stoppingToken) is { } last)
            {
                var pending = await Look(last.CampaignId, stoppingToken);
                if (last.Pending == 0 && pending > 0)
                {
                    LogStanding(logger, last.CampaignId, pending);
                }

                standing = await store.Count(stoppingToken);
            }

            metrics.StandingCampaignsCounted(standing);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            metrics.StandingCampaignsCounted(null);
            LogFailed(logger, FaultLog.StackOf(exception), FaultLog.CauseOf(exception));
        }
    }

    private async Task<long> Look(Guid campaignId, CancellationToken stoppingToken)
    {
        var started = time.GetTimestamp();
        try
        {
            return await store.Look(campaignId, stoppingToken);
        }
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            await store.Postpone(campaignId, time.GetElapsedTime(started), stoppingToken);
            throw;
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
