using CampaignSender.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>The campaigns' exchanges and queues on RabbitMQ.</summary>
internal sealed class RabbitMqCampaignBroker : ICampaignBroker
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(50);

    /// <summary>How often to look whether a broker that went away is there again.</summary>
    private static readonly TimeSpan RecoveryTime = TimeSpan.FromMilliseconds(500);

    /// <summary>After that time without a consumer a queue of reports is deleted: a broker of somebody else's stays clean.</summary>
    private static readonly TimeSpan QueueTime = TimeSpan.FromMinutes(10);

    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private RabbitMqCampaignBroker(IConnection connection, IChannel channel)
    {
        _connection = connection;
        _channel = channel;
    }

    public static async Task<RabbitMqCampaignBroker> Connect(Uri url, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = url,
            ClientProvidedName = "campaign-sender sandbox",
            NetworkRecoveryInterval = RecoveryTime,
        };
        var connection = await factory.CreateConnectionAsync(cancellationToken);
        var confirmed = new CreateChannelOptions(
            publisherConfirmationsEnabled: true,
            publisherConfirmationTrackingEnabled: true
        );
        return new RabbitMqCampaignBroker(
            connection,
            await connection.CreateChannelAsync(confirmed, cancellationToken)
        );
    }

    public async Task Publish(string topic, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var (correlationId, messageId) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        // As properties of AMQP and as headers, as evo-flow does.
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            DeliveryMode = DeliveryModes.Persistent,
            CorrelationId = correlationId,
            MessageId = messageId,
            Headers = new Dictionary<string, object?>
            {
                [MessageHeaderNames.CorrelationId] = correlationId,
                [MessageHeaderNames.MessageId] = messageId,
            },
        };
        await _channel.BasicPublishAsync(topic, topic, mandatory: true, properties, body, cancellationToken);
    }

    public async Task<TrackedReports> ListenToReports(CancellationToken cancellationToken)
    {
        var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(
            Topics.Tracked,
            ExchangeType.Topic,
            durable: true,
            cancellationToken: cancellationToken
        );
        // Durable, as the tracker's: what is reported while the broker restarts, or while we are away, is not lost.
        var queue = $"campaign-sender-sandbox-{Guid.NewGuid():N}";
        await channel.QueueDeclareAsync(
            queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?> { ["x-expires"] = (long)QueueTime.TotalMilliseconds },
            cancellationToken: cancellationToken
        );
        await channel.QueueBindAsync(queue, Topics.Tracked, Topics.Tracked, null, false, cancellationToken);
        var reports = new RabbitMqReports(channel);
        await channel.BasicConsumeAsync(queue, autoAck: false, reports.Consumer, cancellationToken);
        return reports.Received;
    }

    public Task<long> CountWaitingPages(CancellationToken cancellationToken) =>
        CountReady(Queues.Send, cancellationToken);

    public Task<long> CountDeadLetters(CancellationToken cancellationToken) =>
        CountReady(Queues.SendDeadLetters, cancellationToken);

    public async Task<BrokerMessage> TakeDeadLetter(CancellationToken cancellationToken)
    {
        while (await CountDeadLetters(cancellationToken) == 0)
        {
            await Task.Delay(PollTime, TimeProvider.System, cancellationToken);
        }

        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var message = await channel.BasicGetAsync(Queues.SendDeadLetters, autoAck: true, cancellationToken);
        return BrokerMessage.From(message!);
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>Messages that are ready in a queue; 0 where it does not exist.</summary>
    private async Task<long> CountReady(string queue, CancellationToken cancellationToken)
    {
        // Asking for a queue that does not exist closes the channel that asks.
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == 404)
        {
            return 0;
        }
    }
}
