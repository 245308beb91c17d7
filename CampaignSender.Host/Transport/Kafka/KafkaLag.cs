using CampaignSender.Contracts;
using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// High watermark − committed offset, for each partition of the group, on a client that never joins it. Where nothing is
/// committed yet, or what was has expired, the group would start at the earliest offset, so that one counts.
/// </summary>
/// <remarks>
/// A measurement takes four round trips, however many partitions and brokers there are: which partitions the topic has,
/// what is committed, where they begin, and where they end. All but the first are asked with the consumer's own calls: the
/// admin client's bring the process down now and then (ADR 26).
/// </remarks>
internal sealed class KafkaLag : IBrokerLag, IDisposable
{
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(5);

    // In the place of a time, the protocol takes these two for what they say.
    private static readonly Timestamp Beginning = new(Offset.Beginning, TimestampType.CreateTime);
    private static readonly Timestamp End = new(Offset.End, TimestampType.CreateTime);

    private readonly Lazy<IConsumer<byte[]?, byte[]?>> _client;
    private readonly Lazy<IAdminClient> _admin;
    private Task<IReadOnlyList<ConsumerLag>> _asking = Task.FromResult<IReadOnlyList<ConsumerLag>>([]);

    public KafkaLag(KafkaClients clients)
    {
        // A consumer that never consumes: asking for a topic that is missing makes it, unless a consumer asks.
        _client = new(() => clients.Onlooker().Build());
        _admin = new(() => new DependentAdminClientBuilder(_client.Value.Handle).Build());
    }

    public Task<IReadOnlyList<ConsumerLag>> Measure(CancellationToken cancellationToken)
    {
        // One at a time: while Kafka is away each holds a thread until its time is up, even when nobody waits for it any more.
        if (_asking.IsCompleted)
        {
            _asking = Task.Run(Ask, CancellationToken.None);
        }

        return _asking.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Not under a request of its own, of which the native client knows nothing; and a stop does not wait until that has its
    /// answer.
    /// </summary>
    public void Dispose() =>
        _asking.ContinueWith(
            _ => DisposeClient(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

    private void DisposeClient()
    {
        if (_admin.IsValueCreated)
        {
            _admin.Value.Dispose();
            _client.Value.Dispose();
        }
    }

    private IReadOnlyList<ConsumerLag> Ask()
    {
        var committed = _client.Value.Committed(_admin.Value.PartitionsOf(Topics.Send, RequestTime), RequestTime);
        var begins = Offsets(committed, Beginning);
        var ends = Offsets(committed, End);
        return
        [
            .. committed.Select(offset => new ConsumerLag(
                offset.Topic,
                offset.Partition.Value,
                // What has expired waits no more, and of a topic that was made anew what was committed lies behind its end.
                // Where nothing is committed, the offset is a negative number.
                Math.Max(0, ends[offset.TopicPartition] - Math.Max(begins[offset.TopicPartition], offset.Offset.Value))
            )),
        ];
    }

    private Dictionary<TopicPartition, long> Offsets(List<TopicPartitionOffset> partitions, Timestamp which)
    {
        var found = _client.Value.OffsetsForTimes(
            partitions.Select(partition => new TopicPartitionTimestamp(partition.TopicPartition, which)),
            RequestTime
        );
        // Partitions whose leader is not known come without an offset, and without an error.
        return found.TrueForAll(partition => partition.Offset >= 0)
            ? found.ToDictionary(partition => partition.TopicPartition, partition => partition.Offset.Value)
            : throw new KafkaException(ErrorCode.Local_Partial);
    }
}
