using CampaignSender.Host.Configuration;
using CampaignSender.Host.Telemetry;
using Confluent.Kafka;
using MassTransit.Transports;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// A member of the consumer group. One thread polls and never stops polling; a bounded number of workers run the pages;
/// full partitions are paused; what is finished without a gap is committed.
/// </summary>
internal sealed partial class PageTransport(
    string topic,
    ReceiveEndpointContext endpoint,
    KafkaClients clients,
    KafkaDeadLetters deadLetters,
    StopSignals stop,
    IOptions<ShutdownOptions> shutdown,
    SenderMetrics metrics,
    TimeProvider time,
    ILogger<PageTransport> logger
) : KafkaReceiveTransport(endpoint)
{
    /// <summary>After an error that ends the client, for instance when another one has taken its static membership.</summary>
    private static readonly TimeSpan RejoinDelay = TimeSpan.FromSeconds(5);

    protected override void Receive(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                ReceiveAsMember(stopping);
            }
            catch (KafkaException exception)
            {
                Health.ConsumingFailed(exception);
                LogLeft(logger, exception, topic, RejoinDelay.TotalSeconds);
                stopping.WaitHandle.WaitOne(RejoinDelay);
            }
        }
    }

    private void ReceiveAsMember(CancellationToken stopping)
    {
        using var schedule = new PageSchedule(clients.PagesInWork, time);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        OffsetCommits? commits = null;
        var builder = clients
            .PageConsumer()
            .SetPartitionsAssignedHandler((_, partitions) => Join(schedule, partitions))
            .SetPartitionsRevokedHandler((_, offsets) => HandOver(schedule, commits!, Partitions(offsets)))
            .SetPartitionsLostHandler((_, offsets) => GiveUp(schedule, Partitions(offsets)));
        Watch(builder);
        using var consumer = builder.Build();
        commits = new OffsetCommits(consumer, schedule, Health, time, logger);
        var settler = new PageSettler(Endpoint, schedule, Health, deadLetters, stop, logger);
        var workers = Enumerable.Range(0, clients.PagesInWork).Select(_ => Work(schedule, settler, leaving.Token));
        var working = Task.WhenAll(workers.ToArray());
        try
        {
            consumer.Subscribe(topic);
            Poll(consumer, schedule, commits, stopping);
        }
        finally
        {
            leaving.Cancel();
            // Revokes the partitions, and so waits for the pages in work and commits what they finished.
            consumer.Close();
            working.GetAwaiter().GetResult();
        }
    }

    private void Poll(
        IConsumer<byte[]?, byte[]?> consumer,
        PageSchedule schedule,
        OffsetCommits commits,
        CancellationToken stopping
    )
    {
        while (!stopping.IsCancellationRequested)
        {
            if (PollOnce(consumer) is { } message)
            {
                schedule.Add(message);
            }

            var (full, free) = schedule.Balance();
            consumer.Pause(full);
            consumer.Resume(free);
            commits.CommitWhenDue();
        }
    }

    private ConsumeResult<byte[]?, byte[]?>? PollOnce(IConsumer<byte[]?, byte[]?> consumer)
    {
        try
        {
            var message = consumer.Consume(PollTime);
            if (message is not null)
            {
                Health.Consumed();
            }

            return message;
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            // The client goes on by itself: a topic that is missing may appear, a broker that is away may return.
            Health.ConsumingFailed(exception);
            LogCannotConsume(logger, topic, exception.Error.Reason);
            return null;
        }
    }

    private static async Task Work(PageSchedule schedule, PageSettler settler, CancellationToken leaving)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await settler.Settle(await schedule.Take(leaving), leaving);
            }
        }
        catch (OperationCanceledException)
        {
            // No further page is begun.
        }
    }

    private void Join(PageSchedule schedule, List<TopicPartition> partitions)
    {
        schedule.Assign(partitions);
        metrics.PartitionsAssigned(schedule.Partitions);
        Health.Joined();
        LogAssigned(logger, topic, partitions.Count);
    }

    // On the polling thread, inside a poll: nothing else is polled meanwhile, and the limit keeps that short.
    private void HandOver(PageSchedule schedule, OffsetCommits commits, TopicPartition[] partitions)
    {
        LogRevoked(logger, topic, partitions.Length);
        schedule.Revoke(partitions, shutdown.Value.DrainTimeout).GetAwaiter().GetResult();
        commits.CommitRest().GetAwaiter().GetResult();
        Forget(schedule, partitions);
    }

    private void GiveUp(PageSchedule schedule, TopicPartition[] partitions)
    {
        LogLost(logger, topic, partitions.Length);
        schedule.Lose(partitions);
        Forget(schedule, partitions);
    }

    private void Forget(PageSchedule schedule, TopicPartition[] partitions)
    {
        schedule.Forget(partitions);
        metrics.PartitionsAssigned(schedule.Partitions);
    }

    private static TopicPartition[] Partitions(List<TopicPartitionOffset> offsets) =>
        [.. offsets.Select(offset => offset.TopicPartition)];

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Count} partitions of {Topic} are assigned to this replica"
    )]
    private static partial void LogAssigned(ILogger logger, string topic, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} partitions of {Topic} go to another replica")]
    private static partial void LogRevoked(ILogger logger, string topic, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} partitions of {Topic} were lost; their pages in work are given up"
    )]
    private static partial void LogLost(ILogger logger, string topic, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Topic} cannot be consumed now: {Reason}")]
    private static partial void LogCannotConsume(ILogger logger, string topic, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "This replica has left the group of {Topic}; it joins again in {DelaySeconds:0} s"
    )]
    private static partial void LogLeft(ILogger logger, Exception exception, string topic, double delaySeconds);
}
