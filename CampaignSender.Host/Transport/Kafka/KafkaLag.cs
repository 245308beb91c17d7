using CampaignSender.Contracts;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// High watermark − committed offset, for each partition of the group, on clients that never join it. Where nothing is
/// committed yet, the group would start at the earliest offset, so that one counts.
/// </summary>
/// <remarks>
/// A measurement is two requests, side by side: committed offsets and watermarks. The earliest offsets are asked for once
/// per partition that has no commit, the number of partitions every ten minutes.
/// </remarks>
internal sealed class KafkaLag(KafkaClients clients, TimeProvider time) : IBrokerLag, IDisposable
{
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TopicTime = TimeSpan.FromMinutes(10);

    private readonly Lazy<IConsumer<byte[]?, byte[]?>> _group = new(() => clients.LagReader().Build());
    private readonly Lazy<IAdminClient> _admin = new(() => clients.Admin().Build());
    private readonly Dictionary<TopicPartition, Offset> _earliest = [];
    private List<TopicPartition> _partitions = [];
    private long _asked;

    public async Task<IReadOnlyList<ConsumerLag>> Measure(CancellationToken cancellationToken)
    {
        var partitions = await Partitions(cancellationToken);
        var committing = Task.Run(() => _group.Value.Committed(partitions, RequestTime), cancellationToken);
        var high = await Offsets(partitions, OffsetSpec.Latest()).WaitAsync(cancellationToken);
        var committed = await committing.WaitAsync(cancellationToken);
        await LearnEarliest(committed, cancellationToken);
        return
        [
            .. committed.Select(offset => new ConsumerLag(
                Topics.Send,
                offset.Partition.Value,
                Math.Max(0, high[offset.TopicPartition].Value - Start(offset).Value)
            )),
        ];
    }

    public void Dispose()
    {
        if (_group.IsValueCreated)
        {
            _group.Value.Dispose();
        }

        if (_admin.IsValueCreated)
        {
            _admin.Value.Dispose();
        }
    }

    private Offset Start(TopicPartitionOffset committed) =>
        IsCommitted(committed) ? committed.Offset : _earliest[committed.TopicPartition];

    private async Task LearnEarliest(List<TopicPartitionOffset> committed, CancellationToken cancellationToken)
    {
        var unknown = committed
            .Where(offset => !IsCommitted(offset) && !_earliest.ContainsKey(offset.TopicPartition))
            .Select(offset => offset.TopicPartition)
            .ToList();
        if (unknown.Count == 0)
        {
            return;
        }

        foreach (var (partition, offset) in await Offsets(unknown, OffsetSpec.Earliest()).WaitAsync(cancellationToken))
        {
            _earliest[partition] = offset;
        }
    }

    private async Task<List<TopicPartition>> Partitions(CancellationToken cancellationToken)
    {
        if (_partitions.Count == 0 || time.GetElapsedTime(_asked) > TopicTime)
        {
            var metadata = await Task.Run(() => _admin.Value.GetMetadata(Topics.Send, RequestTime), cancellationToken);
            _partitions =
            [
                .. metadata
                    .Topics.Where(topic => topic.Topic == Topics.Send)
                    .SelectMany(topic => topic.Partitions)
                    .Select(partition => new TopicPartition(Topics.Send, partition.PartitionId)),
            ];
            _asked = time.GetTimestamp();
        }

        return _partitions.Count > 0 ? _partitions : throw new KafkaException(ErrorCode.UnknownTopicOrPart);
    }

    private async Task<Dictionary<TopicPartition, Offset>> Offsets(List<TopicPartition> partitions, OffsetSpec spec)
    {
        var listed = await _admin.Value.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec
            {
                TopicPartition = partition,
                OffsetSpec = spec,
            }),
            new ListOffsetsOptions { RequestTimeout = RequestTime }
        );
        return listed.ResultInfos.ToDictionary(
            info => info.TopicPartitionOffsetError.TopicPartition,
            info => info.TopicPartitionOffsetError.Offset
        );
    }

    private static bool IsCommitted(TopicPartitionOffset offset) => offset.Offset != Offset.Unset;
}
