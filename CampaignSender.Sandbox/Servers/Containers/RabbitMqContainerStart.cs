using Testcontainers.RabbitMq;

namespace CampaignSender.Sandbox.Servers.Containers;

/// <summary>RabbitMQ in a container.</summary>
internal static class RabbitMqContainerStart
{
    private const string Image = "rabbitmq:3.13-alpine";
    private const string User = "sandbox";

    public static async Task<RabbitMqServer?> Run(
        IServerLog log,
        Surroundings surroundings,
        CancellationToken cancellationToken
    )
    {
        if (!surroundings.Containers || !await ContainerEngine.Answers(cancellationToken))
        {
            return null;
        }

        // A port of our choice, for the engine would pick another one at the next start.
        var port = FreePort.Pick();
        var password = Secret.Create();
        var container = new RabbitMqBuilder(Image)
            .WithUsername(User)
            .WithPassword(password)
            .WithPortBinding(port, RabbitMqBuilder.RabbitMqPort)
            .Build();
        var server = await ContainerEngine.Start("RabbitMQ", container, log, cancellationToken);
        if (server is null)
        {
            return null;
        }

        log.Say($"RabbitMQ: a container of {Image} on {server.Host}:{port}");
        return new RabbitMqServer(new Uri($"amqp://{User}:{password}@{server.Host}:{port}"), server);
    }
}
