using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Sandbox.Servers;

/// <summary>A RabbitMQ server.</summary>
internal sealed class RabbitMqServer(Uri url, IRunningServer running) : LocalServer(running)
{
    /// <summary>Its address, user and password included.</summary>
    public Uri Url => url;

    public string VirtualHost => Factory().VirtualHost;

    public Task<IConnection> Connect(CancellationToken cancellationToken) =>
        Factory().CreateConnectionAsync(cancellationToken);

    /// <summary>Deletes these queues with their messages; one that does not exist is fine.</summary>
    public async Task DeleteQueues(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        foreach (var name in names)
        {
            await channel.QueueDeleteAsync(name, ifUnused: false, ifEmpty: false, false, cancellationToken);
        }
    }

    /// <summary>Whether a connection can be opened now.</summary>
    public static async Task<bool> Answers(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Factory(url).CreateConnectionAsync(cancellationToken);
            return true;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }

    private ConnectionFactory Factory() => Factory(url);

    private static ConnectionFactory Factory(Uri url) =>
        new()
        {
            Uri = url,
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        };
}
