using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>How far the partitions of a topic are filled and read.</summary>
internal sealed class KafkaOffsets(IAdminClient admin)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>The partitions of a topic, none where it does not exist.</summary>
    public async Task<IReadOnlyList<TopicPartition>> Partitions(string topic, CancellationToken cancellationToken)
    {
        // Of all topics: asking for one that does not exist may create it.
        var metadata = await Task.Run(() => admin.GetMetadata(_patience), cancellationToken)
            .WaitAsync(cancellationToken);
        return
        [
            .. metadata
                .Topics.Where(known => known.Topic == topic)
                .SelectMany(known => known.Partitions)
                .Select(partition => new TopicPartition(topic, partition.PartitionId)),
        ];
    }

    /// <summary>Of each partition, where the first message is or would be.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, Offset>> Begins(
        IReadOnlyList<TopicPartition> partitions,
        CancellationToken cancellationToken
    ) => List(partitions, OffsetSpec.Earliest(), cancellationToken);

    /// <summary>Of each partition, where the next message will be.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, Offset>> Ends(
        IReadOnlyList<TopicPartition> partitions,
        CancellationToken cancellationToken
    ) => List(partitions, OffsetSpec.Latest(), cancellationToken);

    /// <summary>Where the group goes on, of those partitions of which it has committed something.</summary>
    public async Task<IReadOnlyDictionary<TopicPartition, Offset>> Committed(
        string group,
        IReadOnlyList<TopicPartition> partitions,
        CancellationToken cancellationToken
    )
    {
        if (partitions.Count == 0)
        {
            return new Dictionary<TopicPartition, Offset>();
        }

        var groups = await admin
            .ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, [.. partitions])])
            .WaitAsync(cancellationToken);
        return groups
            .Single()
            .Partitions.Where(partition => partition.Offset >= 0)
            .ToDictionary(partition => partition.TopicPartition, partition => partition.Offset);
    }

    private async Task<IReadOnlyDictionary<TopicPartition, Offset>> List(
        IReadOnlyList<TopicPartition> partitions,
        OffsetSpec which,
        CancellationToken cancellationToken
    )
    {
        if (partitions.Count == 0)
        {
            return new Dictionary<TopicPartition, Offset>();
        }

        var offsets = await admin
            .ListOffsetsAsync(
                partitions.Select(partition => new TopicPartitionOffsetSpec
                {
                    TopicPartition = partition,
                    OffsetSpec = which,
                })
            )
            .WaitAsync(cancellationToken);
        // While a broker is away its partitions come without an offset, and that is not a fault of the whole answer.
        if (offsets.ResultInfos.Any(info => info.TopicPartitionOffsetError.Offset < 0))
        {
            throw new KafkaException(ErrorCode.Local_Partial);
        }

        return offsets.ResultInfos.ToDictionary(
            info => info.TopicPartitionOffsetError.TopicPartition,
            info => info.TopicPartitionOffsetError.Offset
        );
    }
}
