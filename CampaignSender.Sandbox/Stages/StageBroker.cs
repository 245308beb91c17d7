using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Replicas;
using CampaignSender.Sandbox.Servers;

namespace CampaignSender.Sandbox.Stages;

/// <summary>One of the brokers as the old sender leaves it, seen by evo-flow and by the replicas.</summary>
internal sealed record StageBroker(ICampaignBroker Campaigns, ReplicaBroker Replicas)
{
    public static ServerNeeds Needs(BrokerKind kind) =>
        kind is BrokerKind.Kafka ? ServerNeeds.Kafka : ServerNeeds.RabbitMq;

    public static Task<StageBroker> Prepare(
        BrokerKind kind,
        LocalServers servers,
        CancellationToken cancellationToken
    ) =>
        kind is BrokerKind.Kafka
            ? Prepare(servers.Kafka, cancellationToken)
            : Prepare(servers.RabbitMq, cancellationToken);

    private static async Task<StageBroker> Prepare(KafkaServer kafka, CancellationToken cancellationToken)
    {
        await kafka.Create(OldSenderTopics.All, cancellationToken);
        return new(
            await KafkaCampaignBroker.Connect(kafka.BootstrapServers, cancellationToken),
            ReplicaBroker.Kafka(kafka)
        );
    }

    private static async Task<StageBroker> Prepare(RabbitMqServer rabbitMq, CancellationToken cancellationToken)
    {
        await OldSenderTopology.Declare(rabbitMq.Url, cancellationToken);
        return new(
            await RabbitMqCampaignBroker.Connect(rabbitMq.Url, cancellationToken),
            ReplicaBroker.RabbitMq(rabbitMq.Url)
        );
    }
}
