using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>The one producer of this replica, made when it is first needed.</summary>
internal sealed class KafkaProducer(KafkaClients clients, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private IProducer<byte[]?, byte[]?>? _producer;

    /// <summary>Returns when all in-sync replicas have the message.</summary>
    /// <exception cref="KafkaException">They have not; it may be produced again.</exception>
    /// <exception cref="TimeoutException">The producer is gone with it, and never tells.</exception>
    public async Task Produce(string topic, Message<byte[]?, byte[]?> message, CancellationToken cancellationToken) =>
        await Current()
            .ProduceAsync(topic, message, cancellationToken)
            .WaitAsync(2 * KafkaClients.DeliveryTimeout, time, cancellationToken);

    public void Dispose()
    {
        if (_producer is { } producer)
        {
            Retire(producer);
        }
    }

    private IProducer<byte[]?, byte[]?> Current()
    {
        lock (_lock)
        {
            return _producer ??= clients.Producer().SetErrorHandler(RetireBroken).Build();
        }
    }

    // An idempotent producer that has lost its footing fails for good; a new one starts afresh.
    private void RetireBroken(IProducer<byte[]?, byte[]?> producer, Error error)
    {
        if (error.IsFatal)
        {
            _ = Task.Run(() => Retire(producer));
        }
    }

    private void Retire(IProducer<byte[]?, byte[]?> producer)
    {
        lock (_lock)
        {
            if (producer != _producer)
            {
                return;
            }

            _producer = null;
        }

        producer.Flush(FlushTime);
        producer.Dispose();
    }
}
