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
        try
        {
            _connection ??= await connections.Open("lag", cancellationToken);
            await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
            var queue = await channel.QueueDeclarePassiveAsync(Queues.Send, cancellationToken);
            return [new ConsumerLag(Topics.Send, null, queue.MessageCount, queue.ConsumerCount)];
        }
        catch
        {
            // One that does not answer may call itself open for minutes.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        var connection = _connection;
        _connection = null;
        if (connection is not null)
        {
            await RabbitMqConnections.Discard(connection);
        }
    }
}
