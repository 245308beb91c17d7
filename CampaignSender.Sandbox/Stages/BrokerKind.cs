namespace CampaignSender.Sandbox.Stages;

/// <summary>The broker that a run works with; its name in lower case is that of BROKER_TYPE.</summary>
internal enum BrokerKind
{
    RabbitMq,
    Kafka,
}
