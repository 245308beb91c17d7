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
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>An endpoint that is stopped before it got its first partitions never says that it is ready.</summary>
        public Task Ready =>
            Task.WhenAny(Task.WhenAll(started.Select(endpoint => endpoint.Ready)), _stopped.Task).Unwrap();

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            try
            {
                await endpoints.StopEndpoints(cancellationToken);
            }
            finally
            {
                _stopped.TrySetCanceled(CancellationToken.None);
            }
        }
    }
}
