using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Claiming;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Database;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Tests.Servers;
using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Database;

/// <summary>It would tell a page's contacts as it has heard of them, or not yet.</summary>
internal sealed class When_the_server_is_a_standby
{
    [Test, CancelAfter(60_000)]
    public async Task Nothing_is_read_of_it_until_it_is_the_primary(CancellationToken cancellationToken)
    {
        await using var servers = await LocalServers.Start(
            ServerNeeds.PostgreSql,
            new TestServerLog(),
            cancellationToken
        );
        var server = servers.PostgreSql;
        await using var anybody = NpgsqlDataSource.Create(server.ConnectionString("postgres"));
        var folder = await Ask<string>(anybody, "SHOW data_directory", cancellationToken);
        Assume.That(Directory.Exists(folder), "the server's files are on this machine");
        await using (var services = Services(server))
        {
            await services.GetRequiredService<DatabaseMigrator>().Migrate(cancellationToken);
        }

        await server.Stop(cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "standby.signal"), "", cancellationToken);
        await server.Start(cancellationToken);
        // What was open before it stopped is not.
        anybody.Clear();
        await using var later = Services(server);
        var database = later.GetRequiredService<NpgsqlDataSource>();

        Assert.That(
            async () => await database.OpenConnectionAsync(cancellationToken),
            Throws.InstanceOf<NpgsqlException>().With.Message.Contains("expected the primary")
        );
        Assert.That(
            async () =>
                await new ClaimStore(anybody).Survey(
                    Guid.NewGuid(),
                    Guid.NewGuid(),
                    [Guid.NewGuid()],
                    cancellationToken
                ),
            Throws.InstanceOf<NpgsqlException>().With.Message.Contains("expected the primary"),
            "behind a pooler"
        );
        Assert.That(
            async () => await new CampaignStore(anybody).Find(Guid.NewGuid(), cancellationToken),
            Throws.InstanceOf<NpgsqlException>().With.Message.Contains("expected the primary"),
            "nor is a page a dead letter for it"
        );
        Assert.That(await Ask<bool>(anybody, "SELECT pg_promote()", cancellationToken), "promoted");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        Assert.That(await connection.ExecuteScalarAsync<int>("SELECT 1"), Is.EqualTo(1));
    }

    private static async Task<T> Ask<T>(NpgsqlDataSource source, string statement, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return (await connection.ExecuteScalarAsync<T>(statement))!;
    }

    private static ServiceProvider Services(PostgreSqlServer server)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Database:Host"] = server.Host,
                    ["Database:Port"] = $"{server.Port}",
                    ["Database:Username"] = server.UserName,
                    ["Database:Password"] = server.Password,
                    ["Database:Database"] = "postgres",
                }
            )
            .Build();
        return new ServiceCollection()
            .AddLogging()
            .AddCampaignSenderOptions(configuration)
            .AddDatabase()
            .BuildServiceProvider();
    }
}
