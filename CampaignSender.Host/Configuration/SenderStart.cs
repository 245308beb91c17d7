using CampaignSender.Host.Database;
using CampaignSender.Host.Validation;
using MassTransit;

namespace CampaignSender.Host.Configuration;

/// <summary>
/// Migrates the database, then starts to consume, beside the HTTP server, so that <c>/ready</c> can say what is missing
/// meanwhile. Stops the bus before the rooms that its consumers use.
/// </summary>
internal sealed partial class SenderStart(
    DatabaseMigrator migrator,
    DatabaseReadiness database,
    IBusDepot bus,
    StartSignal signal,
    ServiceEnd end,
    TimeProvider time,
    ILogger<SenderStart> logger
) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private bool _busStarted;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_busStarted)
        {
            await bus.Stop(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Migrate(stoppingToken);
            _busStarted = true;
            await bus.Start(stoppingToken);
            signal.SetConsuming();
            LogStarted(logger);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(logger, exception);
            end.Fail();
        }
        catch (Exception)
        {
            // Told to stop before it had started: what it waited for is given up, with whatever exception its client has for that.
        }
    }

    private async Task Migrate(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await migrator.Migrate(stoppingToken);
                database.SetMigrated();
                return;
            }
            catch (Exception exception) when (MayPass(exception))
            {
                LogDatabaseAway(logger, FaultLog.CauseOf(exception), RetryDelay.TotalSeconds);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    private static bool MayPass(Exception exception) =>
        exception is MigrationFailedException failed
            ? failed.MayPass
            : FaultClassifier.Classify(exception) is FaultKind.Infrastructure;

    [LoggerMessage(Level = LogLevel.Information, Message = "Consuming campaigns.send")]
    private static partial void LogStarted(ILogger logger);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The service cannot start")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The database cannot be migrated yet: {Reason}; next try in {DelaySeconds:0} s"
    )]
    private static partial void LogDatabaseAway(ILogger logger, string reason, double delaySeconds);
}
