using CampaignSender.Contracts;
using RabbitMQ.Client;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// The ready count of the queue by passive declare, on a connection of its own: a missing queue closes the channel that
/// asks, and that must never be one that consumes.
/// </summary>
internal sealed class RabbitMqLag(RabbitMqConnections connections) : IBrokerLag, IAsyncDisposable
{
    private IConnection? _connection;

    public async Task<IReadOnlyList<ConsumerLag>> Measure(CancellationToken cancellationToken)
    {
        if (_connection is not { IsOpen: true })
        {
            await DisposeAsync();
            _connection = await connections.Open("lag", cancellationToken);
        }

        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var queue = await channel.QueueDeclarePassiveAsync(Queues.Send, cancellationToken);
        return [new ConsumerLag(Topics.Send, null, queue.MessageCount)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
            _connection = null;
        }
    }
}
