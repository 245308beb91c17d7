using CampaignSender.Host.Configuration;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;
using Confluent.Kafka;
using MassTransit.Context;
using MassTransit.Transports;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>Runs the consumer for a page and decides what its outcome means for the page's place in the partition.</summary>
internal sealed partial class PageSettler(
    ReceiveEndpointContext endpoint,
    PageSchedule schedule,
    KafkaEndpointHealth health,
    KafkaDeadLetterWriter deadLetters,
    StopSignals stop,
    SenderMetrics metrics,
    ILogger logger
)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly IReceivePipeDispatcher _dispatcher = endpoint.CreateReceivePipeDispatcher();

    /// <summary>Never throws: each page is finished, postponed or abandoned.</summary>
    public async Task Settle(ReceivedPage page, CancellationToken stopping)
    {
        try
        {
            await Consume(page);
            schedule.Finish(page);
        }
        catch (Exception) when (IsGivenUp(page))
        {
            // Nobody settled it, so it is delivered again.
            schedule.Abandon(page);
        }
        catch (Exception exception)
        {
            metrics.MessageHeldBack();
            var delay = DelayAfter(page.Failures);
            LogPostponed(
                logger,
                FaultLog.StackOf(exception),
                page.Message.TopicPartitionOffset,
                delay.TotalSeconds,
                FaultLog.CauseOf(exception)
            );
            // Only then the health: a page that the schedule does not know as failing would count as recovered.
            schedule.Postpone(page, delay, stopping);
            health.PageFailed(exception);
        }
    }

    /// <summary>Returns when the page has been consumed or dead-lettered.</summary>
    private async Task Consume(ReceivedPage page)
    {
        using var context = new KafkaReceiveContext(page.Message, redelivered: page.Failures > 0, endpoint);
        await using var lost = page.Partition.Lost.Register(context.Cancel);
        try
        {
            await _dispatcher.Dispatch(context, NoLockReceiveContext.Instance);
        }
        catch (Exception exception)
            // Of a process that is taken down, what a page meets says nothing about it.
            when (!IsGivenUp(page) && FaultClassifier.Classify(exception) is FaultKind.Permanent or FaultKind.Unexpected
            )
        {
            var pageScope = context.TryGetPayload(out PageLogScope? scope) ? scope : null;
            using var lines = pageScope is null ? null : logger.BeginScope(pageScope);
            await deadLetters.Send(page.Message, exception, page.Partition.Lost);
        }
    }

    private bool IsGivenUp(ReceivedPage page) =>
        page.Partition.Lost.IsCancellationRequested || stop.Stopping.IsCancellationRequested;

    private static TimeSpan DelayAfter(int failures) =>
        TimeSpan.FromSeconds(
            Math.Min(FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(failures, 10)), LongestDelay.TotalSeconds)
        );

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The page at {Place} and its partition wait {DelaySeconds:0} s: our own infrastructure fails: {Reason}"
    )]
    private static partial void LogPostponed(
        ILogger logger,
        Exception? exception,
        TopicPartitionOffset place,
        double delaySeconds,
        string reason
    );
}
