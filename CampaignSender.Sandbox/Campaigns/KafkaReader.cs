using Confluent.Kafka;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>Reads partitions to itself, one message after the other, and leaves no trace on the broker.</summary>
internal sealed class KafkaReader : IDisposable
{
    private readonly IConsumer<byte[]?, byte[]?> _consumer;

    public KafkaReader(string bootstrapServers, IReadOnlyDictionary<TopicPartition, Offset> from)
    {
        _consumer = KafkaClients.Consumer(bootstrapServers, $"campaign-sender-sandbox-{Guid.NewGuid():N}");
        _consumer.Assign(from.Select(each => new TopicPartitionOffset(each.Key, each.Value)));
    }

    /// <summary>The next message; blocks the thread until there is one.</summary>
    public Message<byte[]?, byte[]?> Next(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return _consumer.Consume(cancellationToken).Message;
            }
            catch (ConsumeException exception) when (!exception.Error.IsFatal)
            {
                // The faults of a test hit us too; the client goes on by itself.
            }
        }
    }

    /// <summary>The next message, waited for on a thread of its own.</summary>
    public Task<Message<byte[]?, byte[]?>> WaitForNext(CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => Next(cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    public void Dispose() => _consumer.Dispose();
}
