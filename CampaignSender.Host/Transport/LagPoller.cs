using CampaignSender.Host.Configuration;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Transport;

/// <summary>Measures the consumer lag now and then. A poll that fails is logged and never disturbs consuming.</summary>
internal sealed partial class LagPoller(
    IBrokerLag lag,
    StartSignal signal,
    IOptions<TransportOptions> options,
    SenderMetrics metrics,
    TimeProvider time,
    ILogger<LagPoller> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await signal.Consuming.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.LagPollInterval, time);
        do
        {
            await TryMeasure(stoppingToken);
        } while (await timer.NextTick(stoppingToken));
    }

    private async Task TryMeasure(CancellationToken stoppingToken)
    {
        try
        {
            using var late = new CancellationTokenSource(options.Value.LagPollInterval, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stoppingToken);
            metrics.LagMeasured(await lag.Measure(either.Token));
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // Nobody knows it now: the last one, told on and on, would hide from alerts that the broker is away.
            metrics.LagMeasured([]);
            LogFailed(logger, FaultLog.CauseOf(exception));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The consumer lag could not be measured: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
