using CampaignSender.Contracts;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// The ready count of the queue by passive declare, on a connection of its own: a missing queue closes the channel that
/// asks, and that must never be one that consumes.
/// </summary>
internal sealed class RabbitMqLag(IOptions<RabbitMqOptions> options) : IBrokerLag, IAsyncDisposable
{
    private IConnection? _connection;

    public async Task<IReadOnlyList<ConsumerLag>> Measure(CancellationToken cancellationToken)
    {
        if (_connection is not { IsOpen: true })
        {
            await DisposeAsync();
            _connection = await Connect(cancellationToken);
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

    private Task<IConnection> Connect(CancellationToken cancellationToken)
    {
        var address = RabbitMqAddress.From(options.Value);
        var factory = new ConnectionFactory
        {
            HostName = address.Host,
            Port = address.Port,
            VirtualHost = address.VirtualHost,
            UserName = address.Username,
            Password = address.Password,
            ClientProvidedName = "campaign-sender lag",
            // A lost connection is replaced by the next measurement.
            AutomaticRecoveryEnabled = false,
            Ssl = new SslOption { Enabled = address.UseTls, ServerName = address.Host },
        };
        return factory.CreateConnectionAsync(cancellationToken);
    }
}
