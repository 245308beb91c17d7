using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;

namespace CampaignSender.Host.Transport.Kafka;

internal sealed class KafkaRiderFactory(Action<KafkaRiderConfigurator> configure)
    : IRegistrationRiderFactory<KafkaRider>
{
    public IBusInstanceSpecification CreateRider(IRiderRegistrationContext context)
    {
        var configurator = new KafkaRiderConfigurator(context);
        configure(configurator);
        return configurator;
    }
}
