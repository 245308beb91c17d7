using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Sandbox.Servers;

/// <summary>The RabbitMQ server that the environment names.</summary>
internal static class SuppliedRabbitMq
{
    public static async Task<RabbitMqServer?> Take(
        IServerLog log,
        Surroundings surroundings,
        CancellationToken cancellationToken
    )
    {
        var text = surroundings.Variable(RabbitMqSource.Variable);
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("amqp" or "amqps"))
        {
            throw new ServerUnavailableException(
                $"{RabbitMqSource.Variable} must be an amqp:// url, for instance amqp://user:password@host:5672."
            );
        }

        var server = new RabbitMqServer(url, new SuppliedServer(RabbitMqSource.Variable));
        try
        {
            await using var connection = await server.Connect(cancellationToken);
            log.Say($"RabbitMQ: {url.Host}:{connection.Endpoint.Port}, given by {RabbitMqSource.Variable}");
            return server;
        }
        catch (BrokerUnreachableException exception)
        {
            throw new ServerUnavailableException(
                $"{RabbitMqSource.Variable} names a RabbitMQ server that cannot be used: "
                    + (exception.InnerException ?? exception).Message,
                exception
            );
        }
    }
}
