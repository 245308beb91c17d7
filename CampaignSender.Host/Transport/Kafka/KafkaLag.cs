using CampaignSender.Contracts;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// High watermark − committed offset, for each partition of the group, on a client that never joins it. Where nothing is
/// committed yet, or what was has expired, the group would start at the earliest offset, so that one counts.
/// </summary>
/// <remarks>
/// A measurement takes three round trips, however many partitions and brokers there are: which partitions the topic has,
/// what is committed, then, side by side, where they begin and end. What is committed the consumer is asked: the admin
/// client brings the process down when its answer comes too late (ADR 26).
/// </remarks>
internal sealed class KafkaLag : IBrokerLag, IDisposable
{
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(5);

    private readonly Lazy<IConsumer<byte[]?, byte[]?>> _client;
    private readonly Lazy<IAdminClient> _admin;
    private Task<List<TopicPartitionOffset>> _asking = Task.FromResult(new List<TopicPartitionOffset>());

    public KafkaLag(KafkaClients clients)
    {
        // A consumer that never consumes: asking for a topic that is missing makes it, unless a consumer asks.
        _client = new(() => clients.Onlooker().Build());
        _admin = new(() => new DependentAdminClientBuilder(_client.Value.Handle).Build());
    }

    public async Task<IReadOnlyList<ConsumerLag>> Measure(CancellationToken cancellationToken)
    {
        var committed = await Committed().WaitAsync(cancellationToken);
        var partitions = committed.ConvertAll(offset => offset.TopicPartition);
        var beginning = Offsets(partitions, OffsetSpec.Earliest());
        var ending = Offsets(partitions, OffsetSpec.Latest());
        await Task.WhenAll(beginning, ending).WaitAsync(cancellationToken);
        var (begins, ends) = (await beginning, await ending);
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

    // One at a time: while Kafka is away each holds a thread until its time is up, even when nobody waits for it any more.
    private Task<List<TopicPartitionOffset>> Committed()
    {
        if (_asking.IsCompleted)
        {
            _asking = Task.Run(() =>
            {
                var partitions = _admin.Value.PartitionsOf(Topics.Send, RequestTime);
                return _client.Value.Committed(partitions, RequestTime);
            });
        }

        return _asking;
    }

    private async Task<Dictionary<TopicPartition, long>> Offsets(List<TopicPartition> partitions, OffsetSpec spec)
    {
        var listed = await _admin.Value.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec
            {
                TopicPartition = partition,
                OffsetSpec = spec,
            }),
            new ListOffsetsOptions { RequestTimeout = RequestTime }
        );
        // While a leader does not answer, its partitions come without an offset, and without an error.
        if (listed.ResultInfos.Any(info => info.TopicPartitionOffsetError.Offset < 0))
        {
            throw new KafkaException(ErrorCode.Local_Partial);
        }

        return listed.ResultInfos.ToDictionary(
            info => info.TopicPartitionOffsetError.TopicPartition,
            info => info.TopicPartitionOffsetError.Offset.Value
        );
    }
}
