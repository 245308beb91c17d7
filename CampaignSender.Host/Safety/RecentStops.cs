using CampaignSender.Host.Configuration;
using CampaignSender.Host.Database;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;

namespace CampaignSender.Host.Safety;

/// <summary>
/// Tells of the campaigns that the sender has paused and that are paused still, whichever replica it was: the one that did
/// may be gone before anybody has read its counters.
/// </summary>
internal sealed partial class RecentStops(
    SafetyStore store,
    DatabaseReadiness database,
    SenderMetrics metrics,
    TimeProvider time,
    ILogger<RecentStops> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Migrated.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                metrics.SafetyStopsCounted(await store.CountRecentStops(stoppingToken));
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // An old number would hide that nobody can look.
                metrics.SafetyStopsCounted(null);
                LogFailed(logger, FaultLog.StackOf(exception), FaultLog.CauseOf(exception));
            }
        } while (await timer.NextTick(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Campaigns paused by the sender cannot be counted: {Reason}")]
    private static partial void LogFailed(ILogger logger, Exception? exception, string reason);
}
