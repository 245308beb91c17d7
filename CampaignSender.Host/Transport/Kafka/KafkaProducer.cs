using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>The one producer of this replica, made when it is first needed.</summary>
internal sealed class KafkaProducer(KafkaClients clients) : IDisposable
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(5);

    private readonly Lazy<IProducer<byte[]?, byte[]?>> _producer = new(() => clients.Producer().Build());

    /// <summary>Returns when all in-sync replicas have the message.</summary>
    /// <exception cref="KafkaException">They have not; it may be produced again.</exception>
    public async Task Produce(string topic, Message<byte[]?, byte[]?> message, CancellationToken cancellationToken) =>
        await _producer.Value.ProduceAsync(topic, message, cancellationToken);

    public void Dispose()
    {
        if (_producer.IsValueCreated)
        {
            _producer.Value.Flush(FlushTime);
            _producer.Value.Dispose();
        }
    }
}
