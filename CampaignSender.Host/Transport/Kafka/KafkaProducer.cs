using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>The one producer of this replica, made when it is first needed.</summary>
internal sealed class KafkaProducer(KafkaClients clients) : IDisposable
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private IProducer<byte[]?, byte[]?>? _producer;

    /// <summary>Returns when all in-sync replicas have the message.</summary>
    /// <exception cref="KafkaException">They have not; it may be produced again.</exception>
    public async Task Produce(string topic, Message<byte[]?, byte[]?> message, CancellationToken cancellationToken)
    {
        var producer = Current();
        try
        {
            await producer.ProduceAsync(topic, message, cancellationToken);
        }
        catch (KafkaException exception) when (exception.Error.IsFatal || exception.Error.Code is ErrorCode.Local_Fatal)
        {
            // An idempotent producer that has lost its footing fails for good; a new one starts afresh.
            _ = Task.Run(() => Retire(producer), CancellationToken.None);
            throw;
        }
    }

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
            return _producer ??= clients.Producer().Build();
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
