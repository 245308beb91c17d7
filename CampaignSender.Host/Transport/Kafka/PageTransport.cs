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
    KafkaDeadLetterWriter deadLetters,
    StopSignals stop,
    IOptions<ShutdownOptions> shutdown,
    SenderMetrics metrics,
    TimeProvider time,
    ILogger<PageTransport> logger
) : KafkaReceiveTransport(topic, endpoint, logger)
{
    /// <summary>What a client takes to leave its group, when nothing holds it up.</summary>
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(10);

    /// <summary>The longest that pages in work may take when their partitions go.</summary>
    private TimeSpan HandOverTime
    {
        get
        {
            var drain = shutdown.Value.DrainTimeout;
            return drain < clients.LongestSilence ? drain : clients.LongestSilence;
        }
    }

    protected override void Receive(CancellationToken stopping)
    {
        var handOverTime = HandOverTime;
        var schedule = new PageSchedule(clients.PagesInWork, time);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var unanswered = new TaskCompletionSource();
        var membership = new GroupMembership(clients.LongestJoin, time);
        var starts = new StartingOffsets(Health, clients.LongestSilence, time, logger);
        OffsetCommits? commits = null;
        var builder = clients
            .PageConsumer()
            .SetPartitionsAssignedHandler(
                (assigned, partitions) =>
                {
                    var offsets = starts.Find(assigned, partitions, stopping);
                    Join(schedule, membership, partitions);
                    return offsets;
                }
            )
            .SetPartitionsRevokedHandler((_, offsets) => Revoke(Partitions(offsets)))
            .SetPartitionsLostHandler(
                (_, offsets) =>
                {
                    membership.Set(isMember: false);
                    GiveUp(schedule, Partitions(offsets));
                }
            );
        Watch(builder, membership);
        var consumer = builder.Build();
        commits = new OffsetCommits(consumer, schedule, Health, time, logger);
        var settler = new PageSettler(Endpoint, schedule, Health, deadLetters, stop, metrics, logger);
        var workers = Enumerable.Range(0, clients.PagesInWork).Select(_ => Work(schedule, settler, leaving.Token));
        var working = Task.WhenAll(workers.ToArray());
        try
        {
            consumer.Subscribe(Topic);
            PollWithoutPause(consumer, schedule, commits, membership, stopping);
            leaving.Cancel();
            handOverTime -= PollUntilDone(consumer, working, handOverTime);
        }
        finally
        {
            leaving.Cancel();
            // Revokes the partitions, and so waits for the pages in work and commits what they finished. A client whose
            // commit has no answer cannot close until brokers are back, and one that is stuck never: it is left behind, the
            // others stop without it.
            _ = LeaveUnanswered();
            var late = Task.Delay(handOverTime + CloseTime, time, CancellationToken.None);
            var left = Task.WhenAny(Close(consumer), unanswered.Task, late).GetAwaiter().GetResult();
            // Only after a fatal error are there any left: then the client tells of no revocation.
            GiveUp(schedule, schedule.Partitions);
            working.GetAwaiter().GetResult();
            left.GetAwaiter().GetResult();
        }

        // Where the partitions were lost with a commit in flight no revocation tells of it.
        async Task LeaveUnanswered()
        {
            if (stopping.IsCancellationRequested && !await commits.IsAnswered())
            {
                unanswered.TrySetResult();
            }
        }

        void Revoke(TopicPartition[] partitions)
        {
            if (!HandOver(schedule, commits!, partitions, handOverTime) && stopping.IsCancellationRequested)
            {
                unanswered.TrySetResult();
            }
        }
    }

    private static Task Close(IConsumer<byte[]?, byte[]?> consumer) =>
        Task.Factory.StartNew(
            () =>
            {
                using (consumer)
                {
                    consumer.Close();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private void PollWithoutPause(
        IConsumer<byte[]?, byte[]?> consumer,
        PageSchedule schedule,
        OffsetCommits commits,
        GroupMembership membership,
        CancellationToken stopping
    )
    {
        while (!stopping.IsCancellationRequested)
        {
            membership.Check();
            if (Poll(consumer) is { } message)
            {
                schedule.Add(message);
            }

            var (full, free) = schedule.Balance();
            consumer.Pause(full);
            consumer.Resume(free);
            commits.CommitWhenDue();
            if (!schedule.IsFailing)
            {
                Health.NoPageFails();
            }
        }
    }

    /// <summary>
    /// Stays a member until the pages in work are done, so that they can be committed: a client that closes sends no
    /// heartbeats. Tells how long that took.
    /// </summary>
    private TimeSpan PollUntilDone(IConsumer<byte[]?, byte[]?> consumer, Task working, TimeSpan longest)
    {
        var began = time.GetTimestamp();
        consumer.Pause(consumer.Assignment);
        while (!working.IsCompleted && time.GetElapsedTime(began) < longest)
        {
            // What comes all the same, of a partition that is assigned only now, is not begun.
            Poll(consumer);
        }

        var took = time.GetElapsedTime(began);
        return took < longest ? took : longest;
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

    private void Join(PageSchedule schedule, GroupMembership membership, List<TopicPartition> partitions)
    {
        membership.Set(isMember: true);
        schedule.Assign(partitions);
        metrics.PartitionsAssigned(schedule.Partitions.Count);
        Health.Joined();
        LogAssigned(logger, Topic, partitions.Count);
    }

    // On the polling thread, inside a poll: nothing else is polled meanwhile, and the limit keeps that short.
    // Tells whether brokers answered.
    private bool HandOver(
        PageSchedule schedule,
        OffsetCommits commits,
        TopicPartition[] partitions,
        TimeSpan handOverTime
    )
    {
        LogRevoked(logger, Topic, partitions.Length);
        schedule.Revoke(partitions, handOverTime).GetAwaiter().GetResult();
        var isAnswered = true;
        var isCommitted = false;
        try
        {
            isCommitted = commits.CommitRest().GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            isAnswered = false;
        }

        if (!isCommitted)
        {
            LogUncommitted(logger, Topic);
        }

        Forget(schedule, partitions);
        return isAnswered;
    }

    private void GiveUp(PageSchedule schedule, IReadOnlyCollection<TopicPartition> partitions)
    {
        if (partitions.Count > 0)
        {
            LogLost(logger, Topic, partitions.Count);
        }

        schedule.Lose(partitions);
        Forget(schedule, partitions);
    }

    private void Forget(PageSchedule schedule, IReadOnlyCollection<TopicPartition> partitions)
    {
        schedule.Forget(partitions);
        metrics.PartitionsAssigned(schedule.Partitions.Count);
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
        Level = LogLevel.Information,
        Message = "Partitions of {Topic} go with pages that are finished and not committed: they are delivered again, and cost a skip each"
    )]
    private static partial void LogUncommitted(ILogger logger, string topic);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} partitions of {Topic} were lost; their pages in work are given up"
    )]
    private static partial void LogLost(ILogger logger, string topic, int count);
}
