using Testcontainers.Kafka;

namespace CampaignSender.Sandbox.Servers.Containers;

/// <summary>Kafka in a container.</summary>
internal static class KafkaContainerStart
{
    private const string Image = "apache/kafka:4.1.1";

    public static async Task<KafkaServer?> Run(
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
        var container = new KafkaBuilder(Image)
            .WithPortBinding(port, KafkaBuilder.KafkaPort)
            // The pages that must be refused are larger than any real one.
            .WithEnvironment("KAFKA_MESSAGE_MAX_BYTES", "20000000")
            .Build();
        var server = await ContainerEngine.Start("Kafka", container, log, cancellationToken);
        if (server is null)
        {
            return null;
        }

        log.Say($"Kafka: a container of {Image} on {server.Host}:{port}");
        return new RealKafka($"{server.Host}:{port}", server);
    }
}
