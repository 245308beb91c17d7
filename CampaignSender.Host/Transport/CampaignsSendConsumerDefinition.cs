using CampaignSender.Contracts;
using CampaignSender.Host.Attempts;
using CampaignSender.Host.Validation;
using MassTransit;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Transport;

/// <summary>The endpoint policy of pages, whichever broker they come from.</summary>
internal sealed class CampaignsSendConsumerDefinition : ConsumerDefinition<CampaignsSendConsumer>
{
    private readonly AttemptOptions _attempts;

    public CampaignsSendConsumerDefinition(IOptions<AttemptOptions> attempts)
    {
        _attempts = attempts.Value;
        EndpointName = Queues.Send;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<CampaignsSendConsumer> consumerConfigurator,
        IRegistrationContext context
    )
    {
        endpointConfigurator.ConfigureConsumeTopology = false;
        endpointConfigurator.PublishFaults = false;
        if (_attempts.DeliveryLimit > 1)
        {
            endpointConfigurator.UseMessageRetry(Retry);
        }
    }

    // A verdict is not retried, and neither is a stop.
    private void Retry(IRetryConfigurator retry)
    {
        retry.Exponential(
            _attempts.DeliveryLimit - 1,
            TimeSpan.FromMilliseconds(200),
            TimeSpan.FromSeconds(5),
            TimeSpan.FromMilliseconds(500)
        );
        retry.Handle<Exception>(exception =>
            FaultClassifier.Classify(exception) is FaultKind.Infrastructure or FaultKind.Unexpected
        );
    }
}
