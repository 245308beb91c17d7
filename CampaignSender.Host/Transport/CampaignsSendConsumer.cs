using CampaignSender.Contracts;
using CampaignSender.Host.Telemetry;
using MassTransit;

namespace CampaignSender.Host.Transport;

/// <summary>Hands each page to the flow. Retry, concurrency and dead-lettering are in its definition.</summary>
internal sealed class CampaignsSendConsumer(CampaignSendFlow flow, ILogger<CampaignsSendConsumer> logger)
    : IConsumer<CampaignsSend>
{
    public async Task Consume(ConsumeContext<CampaignsSend> context)
    {
        var delivery = DeliveryReader.Read(context);
        // For the error pipeline, which runs after this scope has ended.
        var scope = context.ReceiveContext.GetOrAddPayload(() => new PageLogScope(delivery.Page));
        using var lines = logger.BeginScope(scope);
        PageTracing.Tag(delivery.Page);
        await flow.Run(delivery, context.CancellationToken);
    }
}
