using CampaignSender.Contracts;
using MassTransit;

namespace CampaignSender.Host.Transport;

/// <summary>Hands each page to the flow. Retry, concurrency and dead-lettering are in its definition.</summary>
internal sealed class CampaignsSendConsumer(CampaignSendFlow flow, ILogger<CampaignsSendConsumer> logger)
    : IConsumer<CampaignsSend>
{
    public async Task Consume(ConsumeContext<CampaignsSend> context)
    {
        var delivery = DeliveryReader.Read(context);
        using var scope = logger.BeginScope(new PageLogScope(delivery.Page));
        await flow.Run(delivery, context.CancellationToken);
    }
}
