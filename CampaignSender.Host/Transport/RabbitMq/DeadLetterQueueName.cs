using MassTransit;

namespace CampaignSender.Host.Transport.RabbitMq;

internal sealed class DeadLetterQueueName : IErrorQueueNameFormatter
{
    public string FormatErrorQueueName(string queueName) => $"{queueName}.dlq";
}
