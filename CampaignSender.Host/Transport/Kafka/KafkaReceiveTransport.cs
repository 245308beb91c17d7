using Confluent.Kafka;
using MassTransit;
using MassTransit.Transports;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>What both kinds of endpoints share: MassTransit's observers, and a thread of their own that polls.</summary>
internal abstract class KafkaReceiveTransport(ReceiveEndpointContext endpoint) : IReceiveTransport
{
    /// <summary>How long one poll waits for a message; also how late anything else in the loop can be.</summary>
    protected static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(50);

    protected ReceiveEndpointContext Endpoint { get; } = endpoint;

    protected KafkaEndpointHealth Health { get; } = new(endpoint);

    public ReceiveTransportHandle Start() => new Handle(this);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) =>
        Endpoint.ConnectReceiveTransportObserver(observer);

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => Endpoint.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => Endpoint.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => Endpoint.ConnectSendObserver(observer);

    public void Probe(ProbeContext context) => context.CreateScope("kafka");

    /// <summary>Receives until it is told to stop. Runs on a thread of its own, so it may block.</summary>
    protected abstract void Receive(CancellationToken stopping);

    protected void Watch(ConsumerBuilder<byte[]?, byte[]?> builder) =>
        builder
            .SetErrorHandler((_, error) => Health.ClientFailed(error))
            .SetStatisticsHandler((_, statistics) => Health.Connected(KafkaStatistics.IsConnected(statistics)));

#pragma warning disable CA1001 // Disposed by Stop: MassTransit knows no other end of a handle.
    private sealed class Handle : ReceiveTransportHandle
#pragma warning restore CA1001
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _receiving;

        public Handle(KafkaReceiveTransport transport) =>
            _receiving = Task.Factory.StartNew(
                () => transport.Receive(_stopping.Token),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );

        public async Task Stop(CancellationToken cancellationToken)
        {
            await _stopping.CancelAsync();
            await _receiving.WaitAsync(cancellationToken);
            _stopping.Dispose();
        }
    }
}
