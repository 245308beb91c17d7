using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// Connections beside MassTransit's, for what must not share the fate of its consumers. None recovers by itself: whoever
/// finds one broken throws it away and opens another.
/// </summary>
internal sealed class RabbitMqConnections(IOptions<RabbitMqOptions> options)
{
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
            Ssl = new SslOption { Enabled = address.UseTls, ServerName = address.Host },
        };
        return factory.CreateConnectionAsync(cancellationToken);
    }
}
