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
    /// <summary>Shorter ones would not even let a client connect.</summary>
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(5);

    /// <summary>A measurement that failed is made again by then: an hour without one would look like a broker that is away.</summary>
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(15);

    private readonly TimeSpan _interval = options.Value.LagPollInterval;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await signal.Consuming.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(_interval, time);
        do
        {
            var isMeasured = await TryMeasure(stoppingToken);
            timer.Period = isMeasured || _interval < LongestRetryDelay ? _interval : LongestRetryDelay;
        } while (await timer.NextTick(stoppingToken));
    }

    private async Task<bool> TryMeasure(CancellationToken stoppingToken)
    {
        try
        {
            using var late = new CancellationTokenSource(
                _interval > ShortestPatience ? _interval : ShortestPatience,
                time
            );
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stoppingToken);
            metrics.LagMeasured(await lag.Measure(either.Token));
            return true;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // Nobody knows it now: the last one, told on and on, would hide from alerts that the broker is away.
            metrics.LagMeasured([]);
            LogFailed(logger, FaultLog.CauseOf(exception));
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The consumer lag could not be measured: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
