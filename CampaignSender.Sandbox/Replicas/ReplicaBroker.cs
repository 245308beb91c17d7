using System.Globalization;
using CampaignSender.Sandbox.Servers;

namespace CampaignSender.Sandbox.Replicas;

/// <summary>The broker of a replica, as its environment names it.</summary>
internal sealed class ReplicaBroker
{
    private ReplicaBroker(Dictionary<string, string> variables, IEnumerable<int> ports)
    {
        Variables = variables;
        Ports = [.. ports];
    }

    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>Where its servers listen.</summary>
    public IReadOnlyList<int> Ports { get; }

    public static ReplicaBroker RabbitMq(Uri url) =>
        new(new() { ["BROKER_TYPE"] = "rabbitmq", ["RABBITMQ_URL"] = url.AbsoluteUri }, [url.Port]);

    public static ReplicaBroker Kafka(KafkaServer server) =>
        new(
            new()
            {
                ["BROKER_TYPE"] = "kafka",
                ["KAFKA_BROKERS"] = server.BootstrapServers,
                ["KAFKA_PROPERTIES"] = server.QuickGroups,
            },
            server
                .BootstrapServers.Split(',')
                .Select(address => int.Parse(address.Split(':')[^1], CultureInfo.InvariantCulture))
        );
}
