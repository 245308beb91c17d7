using System.Net.Mime;
using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Tracking;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// Publishes persistent messages and returns when the broker has confirmed them. On a connection of its own, which is
/// thrown away at the first fault: see docs/adr/0006.
/// </summary>
internal sealed class RabbitMqPublisher(RabbitMqConnections connections, TimeProvider time)
    : ITrackedPublisher,
        IControlPublisher,
        IPagePublisher,
        IAsyncDisposable
{
    /// <summary>A broker that does not confirm in this time counts as away.</summary>
    private static readonly TimeSpan ConfirmTime = TimeSpan.FromSeconds(15);

    private static readonly CreateChannelOptions WithConfirms = new(
        publisherConfirmationsEnabled: true,
        publisherConfirmationTrackingEnabled: true
    );

    private readonly SemaphoreSlim _one = new(1);
    private IConnection? _connection;
    private IChannel? _channel;

    public Task Publish(CampaignsTracked report, CancellationToken cancellationToken) =>
        Publish(Topics.Tracked, MessageWriter.Write(report), HeadersOf(report.CorrelationId), cancellationToken);

    public Task Publish(CampaignsControl control, CancellationToken cancellationToken) =>
        Publish(Topics.Control, MessageWriter.Write(control), HeadersOf(control.CorrelationId), cancellationToken);

    public Task Publish(
        byte[] body,
        IReadOnlyDictionary<string, string> headers,
        CancellationToken cancellationToken
    ) => Publish(Topics.Send, body, headers, cancellationToken);

    /// <summary>To the queue of dead letters, which is made where it is missing.</summary>
    public Task DeadLetter(BasicProperties properties, byte[] body, CancellationToken cancellationToken) =>
        InTurn((channel, token) => DeadLetter(channel, properties, body, token), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Close();
        _one.Dispose();
    }

    private static Dictionary<string, string> HeadersOf(Guid correlationId) =>
        new()
        {
            [MessageHeaderNames.CorrelationId] = correlationId.ToString(),
            [MessageHeaderNames.MessageId] = Guid.NewGuid().ToString(),
        };

    private Task Publish(
        string topic,
        byte[] body,
        IReadOnlyDictionary<string, string> headers,
        CancellationToken cancellationToken
    )
    {
        var properties = new BasicProperties
        {
            ContentType = MediaTypeNames.Application.Json,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = headers.ToDictionary(header => header.Key, object? (header) => header.Value),
        };
        // A page that reaches no queue would be lost; a report that nobody listens to is nobody's.
        var mandatory = topic == Topics.Send;
        return InTurn(
            (channel, token) => channel.BasicPublishAsync(topic, topic, mandatory, properties, body, token),
            cancellationToken
        );
    }

    private static async ValueTask DeadLetter(
        IChannel channel,
        BasicProperties properties,
        byte[] body,
        CancellationToken cancellationToken
    )
    {
        ValueTask Publish() =>
            channel.BasicPublishAsync(
                exchange: "",
                Queues.SendDeadLetters,
                mandatory: true,
                properties,
                body,
                cancellationToken
            );
        try
        {
            await Publish();
        }
        catch (PublishReturnException)
        {
            // Only now: one that somebody has declared otherwise does as well.
            await channel.QueueDeclareAsync(
                Queues.SendDeadLetters,
                durable: true,
                exclusive: false,
                autoDelete: false,
                cancellationToken: cancellationToken
            );
            await Publish();
        }
    }

    private async Task InTurn(Func<IChannel, CancellationToken, ValueTask> publish, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(ConfirmTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var isOurTurn = false;
        try
        {
            await _one.WaitAsync(either.Token);
            isOurTurn = true;
            await Confirmed(publish, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"RabbitMQ did not confirm a message in {ConfirmTime.TotalSeconds:0} s");
        }
        finally
        {
            if (isOurTurn)
            {
                _one.Release();
            }
        }
    }

    private async Task Confirmed(
        Func<IChannel, CancellationToken, ValueTask> publish,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await publish(await OpenChannel(cancellationToken), cancellationToken);
        }
        catch (Exception exception)
        {
            await Close();
            if (exception is OperationCanceledException)
            {
                throw;
            }

            // As it is, MassTransit would take it for a fault of the connection that it consumes by, and give all pages back.
            throw new TransportUnavailableException($"RabbitMQ did not take a message: {exception.Message}", exception);
        }
    }

    private async Task<IChannel> OpenChannel(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true })
        {
            return _channel;
        }

        await Close();
        _connection = await connections.Open("publisher", cancellationToken);
        _channel = await _connection.CreateChannelAsync(WithConfirms, cancellationToken);
        // As evo-flow has it. The exchange of pages is there: the endpoint is bound to it.
        await _channel.ExchangeDeclareAsync(
            Topics.Tracked,
            ExchangeType.Topic,
            durable: true,
            cancellationToken: cancellationToken
        );
        return _channel;
    }

    private async Task Close()
    {
        var connection = _connection;
        (_connection, _channel) = (null, null);
        if (connection is not null)
        {
            // Not in order: what is broken does not answer.
            await connection.AbortAsync(TimeSpan.FromSeconds(1));
            await connection.DisposeAsync();
        }
    }
}
