using CampaignSender.Contracts;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// High watermark − committed offset, for each partition of the group, on a client that never joins it. Where nothing is
/// committed yet, or what was has expired, the group would start at the earliest offset, so that one counts.
/// </summary>
/// <remarks>
/// A measurement takes two round trips, however many partitions and brokers there are: which partitions the topic has,
/// then, side by side, what is committed and where they begin and end.
/// </remarks>
internal sealed class KafkaLag : IBrokerLag, IDisposable
{
    /// <summary>A stop may have to wait so long: the client is not disposed of while a request is under way.</summary>
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(5);

    private readonly Lazy<IConsumer<byte[]?, byte[]?>> _client;
    private readonly Lazy<IAdminClient> _admin;
    private Task<List<TopicPartition>>? _finding;

    public KafkaLag(KafkaClients clients)
    {
        // A consumer that never consumes: asking for a topic that is missing makes it, unless a consumer asks.
        _client = new(() => clients.Onlooker().Build());
        _admin = new(() => new DependentAdminClientBuilder(_client.Value.Handle).Build());
    }

    public async Task<IReadOnlyList<ConsumerLag>> Measure(CancellationToken cancellationToken)
    {
        var partitions = await FindPartitions().WaitAsync(cancellationToken);
        var committing = Committed(partitions);
        var beginning = Offsets(partitions, OffsetSpec.Earliest());
        var ending = Offsets(partitions, OffsetSpec.Latest());
        await Task.WhenAll(committing, beginning, ending).WaitAsync(cancellationToken);
        var (committed, begins, ends) = (await committing, await beginning, await ending);
        return
        [
            .. partitions.Select(partition => new ConsumerLag(
                partition.Topic,
                partition.Partition.Value,
                // What is committed in the meantime may lie behind the end that was read; what has expired waits no more.
                Math.Max(0, ends[partition] - Math.Max(begins[partition], committed.GetValueOrDefault(partition)))
            )),
        ];
    }

    public void Dispose()
    {
        if (_admin.IsValueCreated)
        {
            _admin.Value.Dispose();
            _client.Value.Dispose();
        }
    }

    // One at a time: while Kafka is away each holds a thread until its time is up, even when nobody waits for it any more.
    private Task<List<TopicPartition>> FindPartitions()
    {
        if (_finding is not { IsCompleted: false })
        {
            _finding = Task.Run(() => _admin.Value.PartitionsOf(Topics.Send, RequestTime));
        }

        return _finding;
    }

    private async Task<Dictionary<TopicPartition, long>> Committed(List<TopicPartition> partitions)
    {
        var groups = await _admin.Value.ListConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitions(KafkaNames.SendGroup, partitions)],
            new ListConsumerGroupOffsetsOptions { RequestTimeout = RequestTime }
        );
        return groups
            .Single()
            .Partitions.Where(partition => partition.Offset != Offset.Unset)
            .ToDictionary(partition => partition.TopicPartition, partition => partition.Offset.Value);
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
