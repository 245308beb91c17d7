namespace CampaignSender.Sandbox.Servers;

/// <summary>A Kafka cluster, real or mocked.</summary>
internal abstract class KafkaServer(string bootstrapServers, IRunningServer running) : LocalServer(running)
{
    /// <summary>host:port, separated by commas; no authentication.</summary>
    public string BootstrapServers => bootstrapServers;

    /// <summary>What else can be broken.</summary>
    /// <exception cref="NotSupportedException">This is not the mock cluster.</exception>
    public abstract KafkaFaults Faults { get; }

    /// <summary>
    /// Properties of clients, name=value separated by semicolons, with which a group notices soon that a member is gone.
    /// </summary>
    public abstract string QuickGroups { get; }

    /// <summary>Creates topics; one that exists stays as it is.</summary>
    public abstract Task Create(IReadOnlyCollection<KafkaTopic> topics, CancellationToken cancellationToken);

    /// <summary>
    /// A Kafka for one test: these topics are in it, empty, and no group has committed anything. Dispose it after the
    /// test; that leaves this one running.
    /// </summary>
    public abstract Task<KafkaServer> Fresh(
        IReadOnlyCollection<KafkaTopic> topics,
        CancellationToken cancellationToken
    );
}
