namespace CampaignSender.Host.Configuration;

internal enum BrokerType
{
    RabbitMq,
    Kafka,
}
