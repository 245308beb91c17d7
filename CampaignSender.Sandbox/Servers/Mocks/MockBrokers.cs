namespace CampaignSender.Sandbox.Servers.Mocks;

/// <summary>What a mock cluster can do of what is done to a server. Its data stay as long as the process.</summary>
internal sealed class MockBrokers(MockCluster cluster) : IRunningServer
{
    /// <summary>Connections are closed and new ones are refused.</summary>
    public Task Stop(CancellationToken cancellationToken)
    {
        MockCluster.Check(Librdkafka.SetDown(cluster.Handle, MockCluster.AllBrokers));
        return Task.CompletedTask;
    }

    /// <summary>The same as a stop: there is nothing that it could lose.</summary>
    public Task Kill(CancellationToken cancellationToken) => Stop(cancellationToken);

    public Task Start(CancellationToken cancellationToken)
    {
        MockCluster.Check(Librdkafka.SetUp(cluster.Handle, MockCluster.AllBrokers));
        return Task.CompletedTask;
    }

    /// <summary>Requests are carried out all the same, their answers wait.</summary>
    public Task Freeze(CancellationToken cancellationToken)
    {
        MockCluster.Check(Librdkafka.SetRoundTripTime(cluster.Handle, MockCluster.AllBrokers, int.MaxValue));
        return Task.CompletedTask;
    }

    /// <summary>Ends <see cref="KafkaFaults.SetLatency"/> too.</summary>
    public Task Thaw(CancellationToken cancellationToken)
    {
        MockCluster.Check(Librdkafka.SetRoundTripTime(cluster.Handle, MockCluster.AllBrokers, 0));
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        cluster.Dispose();
        return ValueTask.CompletedTask;
    }
}
