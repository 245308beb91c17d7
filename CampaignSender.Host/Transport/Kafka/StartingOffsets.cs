using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>Finds out where to begin in partitions that are assigned.</summary>
/// <remarks>
/// librdkafka would ask by itself. But where the coordinator refuses the answer it does not ask again, and leaves the
/// partitions assigned and never consumed: their pages would wait for the next rebalance (ADR 26).
/// </remarks>
internal sealed partial class StartingOffsets(
    KafkaEndpointHealth health,
    TimeSpan patience,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>A stop may have to wait so long.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Blocks the thread that polls: nothing of the other partitions is received meanwhile.</summary>
    /// <exception cref="KafkaException">It is not to be found out: a new client may have more luck than this one.</exception>
    public IReadOnlyList<TopicPartitionOffset> Find(
        IConsumer<byte[]?, byte[]?> consumer,
        IReadOnlyCollection<TopicPartition> partitions,
        CancellationToken stopping
    )
    {
        var began = time.GetTimestamp();
        while (partitions.Count > 0 && !stopping.IsCancellationRequested)
        {
            try
            {
                return [.. consumer.Committed(partitions, AnswerTime).Select(Begin)];
            }
            catch (KafkaException exception) when (time.GetElapsedTime(began) < patience)
            {
                health.ConsumingFailed(exception);
                LogUnknown(logger, partitions.Count, exception.Error.Reason);
                stopping.WaitHandle.WaitOne(RetryDelay);
            }
        }

        // Of a replica that stops, nothing is consumed any more.
        return [.. partitions.Select(partition => new TopicPartitionOffset(partition, Offset.Unset))];
    }

    // Left unset, it would be looked up once more.
    private static TopicPartitionOffset Begin(TopicPartitionOffset committed) =>
        committed.Offset == Offset.Unset
            ? new TopicPartitionOffset(committed.TopicPartition, Offset.Beginning)
            : committed;

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} partitions cannot be consumed now, their committed offsets are not known: {Reason}"
    )]
    private static partial void LogUnknown(ILogger logger, int count, string reason);
}
