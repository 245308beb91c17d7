using Confluent.Kafka;
using MassTransit;
using MassTransit.Transports;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>What both kinds of endpoints share: MassTransit's observers, and a thread of their own that polls.</summary>
internal abstract partial class KafkaReceiveTransport(string topic, ReceiveEndpointContext endpoint, ILogger logger)
    : IReceiveTransport
{
    /// <summary>How long one poll waits for a message; also how late anything else in the loop can be.</summary>
    protected static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(50);

    /// <summary>After what ends a client: a topic that is missing at the start, or a stolen static membership.</summary>
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(2);

    protected string Topic => topic;

    protected ReceiveEndpointContext Endpoint { get; } = endpoint;

    protected KafkaEndpointHealth Health { get; } = new(endpoint);

    public ReceiveTransportHandle Start() => new Handle(this);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) =>
        Endpoint.ConnectReceiveTransportObserver(observer);

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => Endpoint.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => Endpoint.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => Endpoint.ConnectSendObserver(observer);

    public void Probe(ProbeContext context) => context.CreateScope("kafka");

    /// <summary>
    /// Receives until it is told to stop, or until something happens that its client does not outlive. On a thread of its
    /// own, so it may block.
    /// </summary>
    protected abstract void Receive(CancellationToken stopping);

    protected ConsumeResult<byte[]?, byte[]?>? Poll(IConsumer<byte[]?, byte[]?> consumer)
    {
        try
        {
            var message = consumer.Consume(PollTime);
            if (message is not null)
            {
                Health.Consumed();
            }

            return message;
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            // The client goes on by itself: a topic that is missing may appear, a broker that is away may return.
            Health.ConsumingFailed(exception);
            LogCannotConsume(logger, topic, exception.Error.Reason);
            return null;
        }
    }

    protected void Watch(ConsumerBuilder<byte[]?, byte[]?> builder, GroupMembership? membership = null) =>
        builder
            .SetErrorHandler((_, error) => Health.ClientFailed(error))
            .SetStatisticsHandler(
                (_, text) =>
                {
                    var statistics = KafkaStatistics.Read(text);
                    Health.Connected(statistics.IsConnected);
                    membership?.Set(statistics.IsMember);
                }
            );

    private void ReceiveAgainAndAgain(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Receive(stopping);
            }
            catch (Exception exception)
            {
                Health.ConsumingFailed(exception);
                LogInterrupted(
                    logger,
                    exception is KafkaException ? null : exception,
                    topic,
                    exception.Message,
                    RestartDelay.TotalSeconds
                );
                stopping.WaitHandle.WaitOne(RestartDelay);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Topic} cannot be consumed now: {Reason}")]
    private static partial void LogCannotConsume(ILogger logger, string topic, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Topic} is not consumed: {Reason}; next try in {DelaySeconds:0} s"
    )]
    private static partial void LogInterrupted(
        ILogger logger,
        Exception? exception,
        string topic,
        string reason,
        double delaySeconds
    );

#pragma warning disable CA1001 // Disposed by Stop: MassTransit knows no other end of a handle.
    private sealed class Handle : ReceiveTransportHandle
#pragma warning restore CA1001
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _receiving;

        public Handle(KafkaReceiveTransport transport) =>
            _receiving = Task.Factory.StartNew(
                () => transport.ReceiveAgainAndAgain(_stopping.Token),
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
