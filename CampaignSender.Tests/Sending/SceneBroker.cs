using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Replicas;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Tests.Sending;

/// <summary>One test's broker, empty and as the old sender leaves it.</summary>
internal sealed class SceneBroker : IAsyncDisposable
{
    public required ICampaignBroker Campaigns { get; init; }
    public required ReplicaBroker Replicas { get; init; }

    /// <summary>The configuration of a replica in this process.</summary>
    public required IReadOnlyDictionary<string, string?> Settings { get; init; }

    /// <summary>Null with RabbitMQ.</summary>
    public KafkaServer? Kafka { get; private init; }

    public static Task<SceneBroker> Prepare(BrokerKind kind, CancellationToken cancellationToken) =>
        kind is BrokerKind.Kafka ? PrepareKafka(cancellationToken) : PrepareRabbitMq(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Campaigns.DisposeAsync();
        if (Kafka is not null)
        {
            await Kafka.DisposeAsync();
        }
    }

    private static async Task<SceneBroker> PrepareRabbitMq(CancellationToken cancellationToken)
    {
        var server = await SharedServers.RabbitMq();
        await server.DeleteQueues(
            [Queues.Send, Queues.SendDeadLetters, OldSenderTopology.ControlQueue],
            cancellationToken
        );
        await OldSenderTopology.Declare(server.Url, cancellationToken);
        return new SceneBroker
        {
            Campaigns = await RabbitMqCampaignBroker.Connect(server.Url, cancellationToken),
            Replicas = ReplicaBroker.RabbitMq(server.Url),
            Settings = new Dictionary<string, string?> { ["RabbitMq:Url"] = server.Url.AbsoluteUri },
        };
    }

    private static async Task<SceneBroker> PrepareKafka(CancellationToken cancellationToken)
    {
        var server = await (await SharedServers.Kafka()).Fresh(OldSenderTopics.All, cancellationToken);
        return new SceneBroker
        {
            Campaigns = await KafkaCampaignBroker.Connect(server.BootstrapServers, cancellationToken),
            Replicas = ReplicaBroker.Kafka(server),
            Settings = new Dictionary<string, string?>
            {
                ["Run:BrokerType"] = "kafka",
                ["Kafka:Brokers"] = server.BootstrapServers,
                ["Kafka:Properties"] = server.QuickGroups,
            },
            Kafka = server,
        };
    }
}
