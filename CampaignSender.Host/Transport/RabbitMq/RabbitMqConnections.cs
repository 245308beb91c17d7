using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// Connections beside MassTransit's, for what must not share the fate of its consumers. None recovers by itself: whoever
/// finds one broken throws it away and opens another.
/// </summary>
internal sealed class RabbitMqConnections(IOptions<RabbitMqOptions> options)
{
    /// <summary>A connection that died without a word is given up after three of them: until then pauses are not heard.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The largest that any RabbitMQ takes, whatever it is configured to. The client's own limit is lower, and the message that
    /// exceeds it breaks its connection, comes again and breaks the next, for ever.
    /// </summary>
    public const uint LargestMessageBytes = 512 * 1024 * 1024;

    private static readonly TimeSpan DiscardTime = TimeSpan.FromSeconds(1);

    public Task<IConnection> Open(string purpose, CancellationToken cancellationToken)
    {
        var address = RabbitMqAddress.From(options.Value);
        var factory = new ConnectionFactory
        {
            HostName = address.Host,
            Port = address.Port,
            VirtualHost = address.VirtualHost,
            UserName = address.Username,
            Password = address.Password,
            ClientProvidedName = $"campaign-sender {purpose}",
            AutomaticRecoveryEnabled = false,
            RequestedHeartbeat = Heartbeat,
            MaxInboundMessageBodySize = LargestMessageBytes,
            Ssl = new SslOption { Enabled = address.UseTls, ServerName = address.Host },
        };
        return factory.CreateConnectionAsync(cancellationToken);
    }

    /// <summary>
    /// Not in order, and waited for no longer than a second: what is broken does not answer, and the client would wait for half a
    /// minute.
    /// </summary>
    public static async Task Discard(IConnection connection)
    {
        var discarding = Task.Run(async () =>
        {
            await connection.AbortAsync(DiscardTime);
            await connection.DisposeAsync();
        });
        await Task.WhenAny(discarding, Task.Delay(DiscardTime, TimeProvider.System));
    }
}
