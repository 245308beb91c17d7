using CampaignSender.Host.Configuration;
using CampaignSender.Host.Database;
using CampaignSender.Host.Validation;

namespace CampaignSender.Host.Claiming;

/// <summary>
/// Forgets once an hour what contacts were whose rows evo-flow has deleted. Of a campaign that is sent again and again it would
/// keep its whole last audience for good.
/// </summary>
internal sealed partial class FormerContactsPurge(
    ClaimStore store,
    DatabaseReadiness database,
    TimeProvider time,
    ILogger<FormerContactsPurge> logger
) : BackgroundService
{
    private const int BatchSize = 10_000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Migrated.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.NextTick(stoppingToken))
        {
            await TryPurge(stoppingToken);
        }
    }

    private async Task TryPurge(CancellationToken stoppingToken)
    {
        try
        {
            while (await store.Forget(BatchSize, stoppingToken) == BatchSize) { }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(logger, FaultLog.StackOf(exception), FaultLog.CauseOf(exception));
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Former contacts cannot be forgotten: {Reason}; next try in an hour"
    )]
    private static partial void LogFailed(ILogger logger, Exception? exception, string reason);
}
