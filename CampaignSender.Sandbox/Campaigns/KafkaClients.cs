using Confluent.Kafka;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>Clients that play evo-flow's and that find a broker again soon after it was away.</summary>
internal static class KafkaClients
{
    /// <summary>Larger than any page, for the bodies that must be refused.</summary>
    private const int LargestMessage = 20_000_000;

    private const int ShortestWait = 50;
    private const int LongestWait = 500;

    /// <summary>A request whose answer was lost is made again after this time.</summary>
    private const int LongestAnswer = 10_000;

    /// <summary>As the service's own: ADR 7.</summary>
    private const MetadataRecoveryStrategy Recovery = MetadataRecoveryStrategy.None;

    public static IProducer<Null, byte[]> Producer(string bootstrapServers) => new ProducerBuilder<Null, byte[]>(
            new ProducerConfig
            {
                BootstrapServers = bootstrapServers,
                EnableIdempotence = true,
                Acks = Acks.All,
                LingerMs = 0,
                MessageMaxBytes = LargestMessage,
                ReconnectBackoffMs = ShortestWait,
                ReconnectBackoffMaxMs = LongestWait,
                SocketTimeoutMs = LongestAnswer,
                MetadataRecoveryStrategy = Recovery,
                // A page has no key: each goes to any partition, and not a batch of them to the same.
                StickyPartitioningLingerMs = 0,
            }
        ).SetLogHandler((_, _) => { }).Build();

    /// <summary>A consumer that never joins its group, and commits nothing: for partitions that are assigned to it.</summary>
    public static IConsumer<byte[]?, byte[]?> Consumer(string bootstrapServers, string group) => new ConsumerBuilder<
            byte[]?,
            byte[]?
        >(
            new ConsumerConfig
            {
                BootstrapServers = bootstrapServers,
                GroupId = group,
                EnableAutoCommit = false,
                // The mock cluster lets a fetch wait as long as that even if there is something new.
                FetchWaitMaxMs = ShortestWait,
                SocketTimeoutMs = LongestAnswer,
                FetchMaxBytes = LargestMessage,
                MaxPartitionFetchBytes = LargestMessage,
                ReconnectBackoffMs = ShortestWait,
                ReconnectBackoffMaxMs = LongestWait,
                MetadataRecoveryStrategy = Recovery,
            }
        ).SetLogHandler((_, _) => { }).Build();
}
