using CampaignSender.Sandbox.Servers.Mocks;
using Confluent.Kafka;

namespace CampaignSender.Sandbox.Servers;

/// <summary>What can be broken in the mock cluster beside what can be done to any server.</summary>
internal sealed class KafkaFaults(MockCluster cluster)
{
    /// <summary>
    /// Refuses the next requests of a kind, one per error, whoever sends them: a test's own clients count too.
    /// <see cref="ErrorCode.Local_Transport"/> closes the connection instead.
    /// </summary>
    public void FailNext(KafkaRequest request, params ReadOnlySpan<ErrorCode> errors) =>
        Librdkafka.PushErrors(cluster.Handle, (short)request, (nuint)errors.Length, errors);

    /// <summary>Forgets what is left of <see cref="FailNext"/>.</summary>
    public void Clear(KafkaRequest request) => Librdkafka.ClearErrors(cluster.Handle, (short)request);

    /// <summary>The time that every answer takes, on connections that exist too.</summary>
    public Task SetLatency(TimeSpan latency, CancellationToken cancellationToken) =>
        cluster.Order(
            handle => Librdkafka.SetRoundTripTime(handle, MockCluster.AllBrokers, (int)latency.TotalMilliseconds),
            cancellationToken
        );

    /// <summary>Stops one of the brokers 1 to 3. It stays the leader of its partitions: nobody takes over.</summary>
    public Task StopBroker(int broker, CancellationToken cancellationToken) =>
        cluster.Order(handle => Librdkafka.SetDown(handle, broker), cancellationToken);

    /// <summary>Makes a broker the leader of a partition.</summary>
    public Task SetLeader(string topic, int partition, int broker, CancellationToken cancellationToken) =>
        cluster.Order(handle => Librdkafka.SetLeader(handle, topic, partition, broker), cancellationToken);

    /// <summary>Makes a broker the coordinator of a consumer group.</summary>
    public Task SetCoordinator(string group, int broker, CancellationToken cancellationToken) =>
        cluster.Order(handle => Librdkafka.SetCoordinator(handle, "group", group, broker), cancellationToken);
}
