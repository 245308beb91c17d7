using System.Runtime.ExceptionServices;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;
using MassTransit;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// A fault of our own infrastructure, or a stop, says nothing about the message: it goes back to the queue instead of the
/// error queue. Throwing here is what makes the transport return it.
/// </summary>
internal sealed partial class ReturnToBrokerFilter(
    StopSignals stop,
    SenderMetrics metrics,
    TimeProvider time,
    ILogger<ReturnToBrokerFilter> logger
) : IFilter<ExceptionReceiveContext>
{
    /// <summary>Slows consumption while the infrastructure is away: the message keeps its place among the prefetched.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        switch (FaultClassifier.Classify(context.Exception))
        {
            case FaultKind.Infrastructure:
                metrics.MessageHeldBack();
                LogReturned(logger, Pause.TotalSeconds, FaultLog.CauseOf(context.Exception));
                await PauseUnlessStopping(context.CancellationToken);
                ExceptionDispatchInfo.Throw(context.Exception);
                break;
            case FaultKind.Cancelled:
                ExceptionDispatchInfo.Throw(context.Exception);
                break;
            default:
                await DeadLetter(context, next);
                break;
        }
    }

    private async Task DeadLetter(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        try
        {
            await next.Send(context);
        }
        catch (Exception exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            metrics.MessageHeldBack();
            LogKept(logger, Pause.TotalSeconds, FaultLog.CauseOf(exception));
            await PauseUnlessStopping(context.CancellationToken);
            throw new TransportUnavailableException("The message cannot be dead-lettered", exception);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("returnToBroker");

    private async Task PauseUnlessStopping(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Stopping, cancellationToken);
        await Task.Delay(Pause, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The page returns to the broker in {DelaySeconds:0} s: our own infrastructure fails: {Reason}"
    )]
    private static partial void LogReturned(ILogger logger, double delaySeconds, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The message returns to the broker in {DelaySeconds:0} s: it cannot be dead-lettered: {Reason}"
    )]
    private static partial void LogKept(ILogger logger, double delaySeconds, string reason);
}
