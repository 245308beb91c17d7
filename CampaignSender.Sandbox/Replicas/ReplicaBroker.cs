using CampaignSender.Sandbox.Servers;

namespace CampaignSender.Sandbox.Replicas;

/// <summary>The broker of a replica, as its environment names it.</summary>
internal sealed class ReplicaBroker
{
    private ReplicaBroker(Dictionary<string, string> variables) => Variables = variables;

    public IReadOnlyDictionary<string, string> Variables { get; }

    public static ReplicaBroker RabbitMq(Uri url) =>
        new(new() { ["BROKER_TYPE"] = "rabbitmq", ["RABBITMQ_URL"] = url.AbsoluteUri });

    public static ReplicaBroker Kafka(KafkaServer server) =>
        new(
            new()
            {
                ["BROKER_TYPE"] = "kafka",
                ["KAFKA_BROKERS"] = server.BootstrapServers,
                ["KAFKA_PROPERTIES"] = server.QuickGroups,
            }
        );
}
