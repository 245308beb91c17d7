using CampaignSender.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// Puts letters into the queue of dead letters, beside what else is published: a queue that does not confirm them keeps no
/// report waiting.
/// </summary>
internal sealed class RabbitMqDeadLetterWriter(RabbitMqConnections connections, TimeProvider time) : IAsyncDisposable
{
    private readonly ConfirmedChannel _channel = new(connections, "dead letters", time);

    public Task Send(BasicProperties properties, byte[] body, CancellationToken cancellationToken) =>
        _channel.Publish((channel, token) => Send(channel, properties, body, token), cancellationToken);

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private static async ValueTask Send(
        IChannel channel,
        BasicProperties properties,
        byte[] body,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await Publish(channel, properties, body, cancellationToken);
        }
        catch (PublishReturnException)
        {
            // There is none. Only now: one that somebody has declared otherwise does as well.
            await channel.QueueDeclareAsync(
                Queues.SendDeadLetters,
                durable: true,
                exclusive: false,
                autoDelete: false,
                cancellationToken: cancellationToken
            );
            await Publish(channel, properties, body, cancellationToken);
        }
    }

    private static ValueTask Publish(
        IChannel channel,
        BasicProperties properties,
        byte[] body,
        CancellationToken cancellationToken
    ) =>
        channel.BasicPublishAsync(
            exchange: "",
            Queues.SendDeadLetters,
            mandatory: true,
            properties,
            body,
            cancellationToken
        );
}
