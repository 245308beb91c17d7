using Confluent.Kafka;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>How far the partitions of a topic are filled, and how far a group has read them.</summary>
/// <remarks>Not by the admin client, some of whose calls end the process now and then (ADR 26).</remarks>
internal sealed class KafkaOffsets(IAdminClient admin, string bootstrapServers, string group) : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    // In the place of a time, the protocol takes these two for what they say.
    private static readonly Timestamp _beginning = new(Offset.Beginning, TimestampType.CreateTime);
    private static readonly Timestamp _end = new(Offset.End, TimestampType.CreateTime);

    private readonly Lazy<IConsumer<byte[]?, byte[]?>> _client = new(() =>
        KafkaClients.Consumer(bootstrapServers, group)
    );

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
    ) => List(partitions, _beginning, cancellationToken);

    /// <summary>Of each partition, where the next message will be.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, Offset>> Ends(
        IReadOnlyList<TopicPartition> partitions,
        CancellationToken cancellationToken
    ) => List(partitions, _end, cancellationToken);

    /// <summary>Where the group goes on, of those partitions of which it has committed something.</summary>
    public async Task<IReadOnlyDictionary<TopicPartition, Offset>> Committed(
        IReadOnlyList<TopicPartition> partitions,
        CancellationToken cancellationToken
    )
    {
        var committed = await Ask(partitions, () => _client.Value.Committed(partitions, _patience), cancellationToken);
        return committed
            .Where(partition => partition.Offset >= 0)
            .ToDictionary(partition => partition.TopicPartition, partition => partition.Offset);
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private async Task<IReadOnlyDictionary<TopicPartition, Offset>> List(
        IReadOnlyList<TopicPartition> partitions,
        Timestamp which,
        CancellationToken cancellationToken
    )
    {
        var asked = partitions.Select(partition => new TopicPartitionTimestamp(partition, which));
        var offsets = await Ask(partitions, () => _client.Value.OffsetsForTimes(asked, _patience), cancellationToken);
        // While a broker is away its partitions come without an offset, and that is not a fault of the whole answer.
        return offsets.TrueForAll(partition => partition.Offset >= 0)
            ? offsets.ToDictionary(partition => partition.TopicPartition, partition => partition.Offset)
            : throw new KafkaException(ErrorCode.Local_Partial);
    }

    /// <summary>To the end, as a native client that is freed under a request of its own ends the process.</summary>
    private static async Task<List<TopicPartitionOffset>> Ask(
        IReadOnlyList<TopicPartition> partitions,
        Func<List<TopicPartitionOffset>> question,
        CancellationToken cancellationToken
    ) => partitions.Count == 0 ? [] : await Task.Run(question, cancellationToken);
}
