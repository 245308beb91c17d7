using CampaignSender.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>What evo-flow's packer and REST API publish, and what an operator sees of the queues.</summary>
internal sealed class CampaignBroker : IAsyncDisposable
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(50);

    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private CampaignBroker(IConnection connection, IChannel channel)
    {
        _connection = connection;
        _channel = channel;
    }

    public static async Task<CampaignBroker> Connect(Uri url, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = url, ClientProvidedName = "campaign-sender sandbox" };
        var connection = await factory.CreateConnectionAsync(cancellationToken);
        var confirmed = new CreateChannelOptions(
            publisherConfirmationsEnabled: true,
            publisherConfirmationTrackingEnabled: true
        );
        return new CampaignBroker(connection, await connection.CreateChannelAsync(confirmed, cancellationToken));
    }

    public Task Publish(CampaignsSend page, CancellationToken cancellationToken) =>
        Publish(Topics.Send, MessageWriter.Write(page), cancellationToken);

    public Task Publish(Guid campaignId, ControlAction action, CancellationToken cancellationToken) =>
        Publish(
            Topics.Control,
            MessageWriter.Write(
                new CampaignsControl
                {
                    CampaignId = campaignId,
                    Action = action,
                    CorrelationId = Guid.NewGuid(),
                }
            ),
            cancellationToken
        );

    /// <summary>Publishes any bytes, with the headers that evo-flow's producers set.</summary>
    public async Task Publish(string topic, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?>
            {
                [MessageHeaderNames.CorrelationId] = Guid.NewGuid().ToString(),
                [MessageHeaderNames.MessageId] = Guid.NewGuid().ToString(),
            },
        };
        await _channel.BasicPublishAsync(topic, topic, mandatory: true, properties, body, cancellationToken);
    }

    /// <summary>A consumer of the reports on <c>campaigns.tracked</c>, as evo-flow's tracker is one.</summary>
    public async Task<TrackedReports> ListenToReports(CancellationToken cancellationToken)
    {
        var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        return await TrackedReports.Listen(channel, cancellationToken);
    }

    /// <summary>Messages that are ready in a queue; 0 where it does not exist.</summary>
    public async Task<long> CountReady(string queue, CancellationToken cancellationToken)
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

    /// <summary>Takes the next message off a queue, and waits for the queue and the message where they are not there.</summary>
    public async Task<BrokerMessage> WaitForMessage(string queue, CancellationToken cancellationToken)
    {
        while (await CountReady(queue, cancellationToken) == 0)
        {
            await Task.Delay(PollTime, TimeProvider.System, cancellationToken);
        }

        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var message = await channel.BasicGetAsync(queue, autoAck: true, cancellationToken);
        return BrokerMessage.From(message!);
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
