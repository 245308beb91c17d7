using Testcontainers.PostgreSql;

namespace CampaignSender.Sandbox.Servers.Containers;

/// <summary>PostgreSQL in a container.</summary>
internal static class PostgreSqlContainerStart
{
    private const string Image = "postgres:17-alpine";
    private const string User = "postgres";

    public static async Task<PostgreSqlServer?> Run(
        ServerNeeds needs,
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
        var container = new PostgreSqlBuilder(Image)
            .WithUsername(User)
            .WithPassword(password)
            .WithPortBinding(port, PostgreSqlBuilder.PostgreSqlPort)
            .WithCommand([
                .. PostgreSqlSettings
                    .For(needs)
                    .Append(PostgreSqlSettings.WatchStatements)
                    .SelectMany(setting => new[] { "-c", setting }),
            ])
            .Build();
        var server = await ContainerEngine.Start("PostgreSQL", container, log, cancellationToken);
        if (server is null)
        {
            return null;
        }

        log.Say($"PostgreSQL: a container of {Image} on {server.Host}:{port}");
        return new PostgreSqlServer(PostgreSqlAddress.Of(server.Host, port, User, password), server);
    }
}
