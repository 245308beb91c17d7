using System.Collections.Concurrent;
using System.Text;
using CampaignSender.Contracts;
using Confluent.Kafka;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>The campaigns' topics on Kafka.</summary>
internal sealed class KafkaCampaignBroker : ICampaignBroker
{
    /// <summary>The sender's consumer group has the name of its RabbitMQ queue.</summary>
    public const string Group = Queues.Send;

    private readonly string _bootstrapServers;
    private readonly IProducer<Null, byte[]> _producer;
    private readonly IAdminClient _admin;
    private readonly KafkaOffsets _offsets;
    private readonly List<KafkaReports> _reports = [];
    private readonly ConcurrentDictionary<string, int> _partitions = new();
    private KafkaReader? _deadLetters;
    private int _turn;
    private long _deadLettersTaken;

    private KafkaCampaignBroker(string bootstrapServers)
    {
        _bootstrapServers = bootstrapServers;
        _producer = KafkaClients.Producer(bootstrapServers);
        _admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        _offsets = new KafkaOffsets(_admin, bootstrapServers, Group);
    }

    /// <summary>Waits until the topics of the campaigns can be seen.</summary>
    public static async Task<KafkaCampaignBroker> Connect(string bootstrapServers, CancellationToken cancellationToken)
    {
        var broker = new KafkaCampaignBroker(bootstrapServers);
        try
        {
            await broker._offsets.Partitions(Topics.Send, cancellationToken);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    public async Task Publish(string topic, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        // A message has no key, and evo-flow's client deals such ones out in turn.
        if (!_partitions.TryGetValue(topic, out var count))
        {
            count = (await _offsets.Partitions(topic, cancellationToken)).Count;
            _partitions[topic] = count;
        }

        var turn = Interlocked.Increment(ref _turn) % Math.Max(count, 1);
        await Publish(new TopicPartition(topic, turn), body, cancellationToken);
    }

    /// <summary>Publishes to one partition, where order or load matters.</summary>
    public Task Publish(string topic, int partition, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        Publish(new TopicPartition(topic, partition), body, cancellationToken);

    public async Task<TrackedReports> ListenToReports(CancellationToken cancellationToken)
    {
        var partitions = await _offsets.Partitions(Topics.Tracked, cancellationToken);
        var reports = new KafkaReports(
            new KafkaReader(_bootstrapServers, await _offsets.Ends(partitions, cancellationToken))
        );
        _reports.Add(reports);
        return reports.Received;
    }

    public async Task<long> CountWaitingPages(CancellationToken cancellationToken)
    {
        var partitions = await _offsets.Partitions(Topics.Send, cancellationToken);
        var begins = await _offsets.Begins(partitions, cancellationToken);
        // The ends last, so that what is committed meanwhile does not lie beyond them.
        var committed = await _offsets.Committed(partitions, cancellationToken);
        var ends = await _offsets.Ends(partitions, cancellationToken);
        return partitions.Sum(partition =>
            ends[partition].Value - (committed.TryGetValue(partition, out var done) ? done : begins[partition]).Value
        );
    }

    public async Task<long> CountDeadLetters(CancellationToken cancellationToken)
    {
        var partitions = await _offsets.Partitions(Topics.SendDeadLetters, cancellationToken);
        var begins = await _offsets.Begins(partitions, cancellationToken);
        var ends = await _offsets.Ends(partitions, cancellationToken);
        return partitions.Sum(partition => ends[partition].Value - begins[partition].Value) - _deadLettersTaken;
    }

    public async Task<BrokerMessage> TakeDeadLetter(CancellationToken cancellationToken)
    {
        _deadLetters ??= new KafkaReader(
            _bootstrapServers,
            await _offsets.Begins(
                await _offsets.Partitions(Topics.SendDeadLetters, cancellationToken),
                cancellationToken
            )
        );
        var letter = await _deadLetters.WaitForNext(cancellationToken);
        _deadLettersTaken++;
        return BrokerMessage.From(letter);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_reports.Select(reports => reports.DisposeAsync().AsTask()));
        _deadLetters?.Dispose();
        _offsets.Dispose();
        _admin.Dispose();
        _producer.Dispose();
    }

    private async Task Publish(TopicPartition where, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        await _producer.ProduceAsync(
            where,
            new Message<Null, byte[]>
            {
                Value = body.ToArray(),
                Headers =
                [
                    Header(MessageHeaderNames.CorrelationId, Guid.NewGuid().ToString()),
                    Header(MessageHeaderNames.MessageId, Guid.NewGuid().ToString()),
                    Header("content-type", "application/json"),
                ],
            },
            cancellationToken
        );

    private static Header Header(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));
}
