using MassTransit;

namespace CampaignSender.Host.Transport;

internal sealed partial class CampaignsControlConsumerDefinition(ILogger<CampaignsControlConsumerDefinition> logger)
    : ConsumerDefinition<CampaignsControlConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<CampaignsControlConsumer> consumerConfigurator,
        IRegistrationContext context
    )
    {
        endpointConfigurator.ConfigureConsumeTopology = false;
        endpointConfigurator.PublishFaults = false;
        // The campaign's status in the database takes effect without the message.
        endpointConfigurator.ConfigureError(error =>
            error.UseExecute(failed => LogDiscarded(logger, failed.Exception.Message))
        );
        endpointConfigurator.DiscardFaultedMessages();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A control message is discarded: {Reason}")]
    private static partial void LogDiscarded(ILogger logger, string reason);
}
