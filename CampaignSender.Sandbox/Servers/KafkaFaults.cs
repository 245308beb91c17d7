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
    public void SetLatency(TimeSpan latency) =>
        MockCluster.Check(
            Librdkafka.SetRoundTripTime(cluster.Handle, MockCluster.AllBrokers, (int)latency.TotalMilliseconds)
        );

    /// <param name="broker">From 1 to 3. The leader of a partition stays on it: nobody takes over.</param>
    public void StopBroker(int broker) => MockCluster.Check(Librdkafka.SetDown(cluster.Handle, broker));

    /// <inheritdoc cref="StopBroker"/>
    public void StartBroker(int broker) => MockCluster.Check(Librdkafka.SetUp(cluster.Handle, broker));

    /// <summary>Makes a broker the leader of a partition.</summary>
    public void SetLeader(string topic, int partition, int broker) =>
        MockCluster.Check(Librdkafka.SetLeader(cluster.Handle, topic, partition, broker));

    /// <summary>Makes a broker the coordinator of a consumer group.</summary>
    public void SetCoordinator(string group, int broker) =>
        MockCluster.Check(Librdkafka.SetCoordinator(cluster.Handle, "group", group, broker));
}
