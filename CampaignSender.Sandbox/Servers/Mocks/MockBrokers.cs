namespace CampaignSender.Sandbox.Servers.Mocks;

/// <summary>What a mock cluster can do of what is done to a server. Its data stay as long as the process.</summary>
internal sealed class MockBrokers(MockCluster cluster) : IRunningServer
{
    /// <summary>Connections are closed and new ones are refused.</summary>
    public Task Stop(CancellationToken cancellationToken) =>
        cluster.Order(handle => Librdkafka.SetDown(handle, MockCluster.AllBrokers), cancellationToken);

    /// <summary>The same as a stop: there is nothing that it could lose.</summary>
    public Task Kill(CancellationToken cancellationToken) => Stop(cancellationToken);

    public Task Start(CancellationToken cancellationToken) =>
        cluster.Order(handle => Librdkafka.SetUp(handle, MockCluster.AllBrokers), cancellationToken);

    /// <summary>Requests are carried out all the same, their answers wait.</summary>
    public Task Freeze(CancellationToken cancellationToken) =>
        cluster.Order(
            handle => Librdkafka.SetRoundTripTime(handle, MockCluster.AllBrokers, int.MaxValue),
            cancellationToken
        );

    /// <summary>Ends <see cref="KafkaFaults.SetLatency"/> too.</summary>
    public Task Thaw(CancellationToken cancellationToken) =>
        cluster.Order(handle => Librdkafka.SetRoundTripTime(handle, MockCluster.AllBrokers, 0), cancellationToken);

    public ValueTask DisposeAsync()
    {
        cluster.Dispose();
        return ValueTask.CompletedTask;
    }
}
