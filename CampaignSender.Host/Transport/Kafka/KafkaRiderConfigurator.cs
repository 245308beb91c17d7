using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>Collects the rider's endpoints and connects them to the bus.</summary>
internal sealed class KafkaRiderConfigurator(IRiderRegistrationContext context) : IBusInstanceSpecification
{
    private readonly List<Action<IBusInstance, KafkaRider>> _endpoints = [];

    /// <summary>The topic's messages are shared by the replicas, and each is settled: finished or dead-lettered.</summary>
    public void Pages<TConsumer>(string topic)
        where TConsumer : class, IConsumer =>
        Add<TConsumer>(topic, endpoint => ActivatorUtilities.CreateInstance<PageTransport>(context, topic, endpoint));

    /// <summary>Every replica receives every message of the topic.</summary>
    public void EveryReplica<TConsumer>(string topic)
        where TConsumer : class, IConsumer =>
        Add<TConsumer>(
            topic,
            endpoint => ActivatorUtilities.CreateInstance<ControlTransport>(context, topic, endpoint)
        );

    public IEnumerable<ValidationResult> Validate() => [];

    public void Configure(IBusInstance busInstance)
    {
        var rider = new KafkaRider();
        foreach (var addTo in _endpoints)
        {
            addTo(busInstance, rider);
        }

        busInstance.Connect<KafkaRider>(rider);
    }

    private void Add<TConsumer>(string topic, Func<ReceiveEndpointContext, IReceiveTransport> createTransport)
        where TConsumer : class, IConsumer =>
        _endpoints.Add(
            (bus, rider) =>
            {
                var endpoint = CreateEndpointContext<TConsumer>(bus, topic);
                rider.Add(topic, new ReceiveEndpoint(createTransport(endpoint), endpoint));
            }
        );

    /// <summary>The consumer's whole pipeline as its definition has it, except that faults come back to the transport.</summary>
    private ReceiveEndpointContext CreateEndpointContext<TConsumer>(IBusInstance bus, string topic)
        where TConsumer : class, IConsumer
    {
        var configuration = bus.HostConfiguration.CreateReceiveEndpointConfiguration(topic);
        var endpoint = (IReceiveEndpointConfigurator)configuration;
        // First in the error pipeline, so that whatever a definition adds behind it for other brokers is not reached.
        endpoint.RethrowFaultedMessages();
        endpoint.ThrowOnSkippedMessages();
        context.ConfigureConsumer<TConsumer>(endpoint);
        configuration.Validate().ThrowIfContainsFailure($"The Kafka endpoint {topic} cannot be configured:");
        return configuration.CreateReceiveEndpointContext();
    }
}
