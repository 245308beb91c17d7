using Confluent.Kafka;

namespace CampaignSender.Sandbox.Servers.Mocks;

/// <summary>Kafka where there is none.</summary>
internal sealed class MockKafka : KafkaServer
{
    private const int Brokers = 3;

    private readonly MockCluster _cluster;

    private MockKafka(MockCluster cluster)
        : base(cluster.BootstrapServers, new MockBrokers(cluster))
    {
        _cluster = cluster;
        Faults = new KafkaFaults(cluster);
    }

    public override KafkaFaults Faults { get; }

    // A fetch that finds nothing is answered after its whole waiting time, whatever arrives meanwhile.
    public override string QuickGroups =>
        "session.timeout.ms=2000;heartbeat.interval.ms=300;fetch.wait.max.ms=50;max.poll.interval.ms=20000";

    public static MockKafka Start() => new(MockCluster.Start(Brokers));

    public static MockKafka Start(IServerLog log)
    {
        var server = Start();
        log.Say($"Kafka: librdkafka's mock cluster in this process, on {server.BootstrapServers}");
        return server;
    }

    public override async Task Create(IReadOnlyCollection<KafkaTopic> topics, CancellationToken cancellationToken)
    {
        foreach (var topic in topics)
        {
            var error = await _cluster.TryOrder(
                handle => Librdkafka.CreateTopic(handle, topic.Name, topic.Partitions, Brokers),
                cancellationToken
            );
            if (error is not (ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
            {
                throw new KafkaException(error);
            }
        }
    }

    /// <summary>A cluster of its own: it costs milliseconds, and nothing of this one is left in it, groups included.</summary>
    public override async Task<KafkaServer> Fresh(
        IReadOnlyCollection<KafkaTopic> topics,
        CancellationToken cancellationToken
    )
    {
        var server = Start();
        try
        {
            await server.Create(topics, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
