using MassTransit;

namespace CampaignSender.Host.Transport;

internal sealed class CampaignsControlConsumerDefinition : ConsumerDefinition<CampaignsControlConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<CampaignsControlConsumer> consumerConfigurator,
        IRegistrationContext context
    )
    {
        endpointConfigurator.ConfigureConsumeTopology = false;
        endpointConfigurator.PublishFaults = false;
        // MassTransit logs the fault, and the campaign's status in the database takes effect without the message.
        endpointConfigurator.DiscardFaultedMessages();
    }
}
