namespace CampaignSender.Sandbox.Replicas;

/// <summary>The broker of a replica, as its environment names it.</summary>
internal sealed class ReplicaBroker
{
    private ReplicaBroker(string type, string variable, string address) =>
        Variables = new Dictionary<string, string> { ["BROKER_TYPE"] = type, [variable] = address };

    public IReadOnlyDictionary<string, string> Variables { get; }

    public static ReplicaBroker RabbitMq(Uri url) => new("rabbitmq", "RABBITMQ_URL", url.AbsoluteUri);

    /// <param name="brokers">host:port, separated by commas.</param>
    public static ReplicaBroker Kafka(string brokers) => new("kafka", "KAFKA_BROKERS", brokers);
}
