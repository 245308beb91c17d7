using MassTransit;
using MassTransit.Transports;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>Starts, stops and tells the health of the Kafka endpoints, together with the bus.</summary>
internal sealed class KafkaRider : IRiderControl
{
    private readonly ReceiveEndpointCollection _endpoints = new();

    public void Add(string name, ReceiveEndpoint endpoint) => _endpoints.Add(name, endpoint);

    public RiderHandle Start(CancellationToken cancellationToken) =>
        new Handle(_endpoints, _endpoints.StartEndpoints(cancellationToken));

    public IEnumerable<EndpointHealthResult> CheckEndpointHealth() => _endpoints.CheckEndpointHealth();

    private sealed class Handle(ReceiveEndpointCollection endpoints, HostReceiveEndpointHandle[] started) : RiderHandle
    {
        public Task Ready { get; } = Task.WhenAll(started.Select(endpoint => endpoint.Ready));

        public Task StopAsync(CancellationToken cancellationToken) => endpoints.StopEndpoints(cancellationToken);
    }
}
