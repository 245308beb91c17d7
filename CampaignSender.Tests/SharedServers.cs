using CampaignSender.Host.Database;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Tests.Sending;
using CampaignSender.Tests.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests;

/// <summary>The servers of all tests, one after the other. The first test that asks for one starts it.</summary>
[SetUpFixture]
internal sealed class SharedServers
{
    private static readonly Lazy<Task<LocalServers>> WithPostgreSql = Servers(ServerNeeds.PostgreSql);
    private static readonly Lazy<Task<LocalServers>> WithRabbitMq = Servers(ServerNeeds.RabbitMq);
    private static readonly Lazy<Task<LocalServers>> WithKafka = Servers(ServerNeeds.Kafka);

    // Copied for each test: to migrate takes as long as many a test.
    private static readonly Lazy<Task<EvoFlowDatabase>> Migrated = new(Migrate);

    public static async Task<PostgreSqlServer> PostgreSql() => (await WithPostgreSql.Value).PostgreSql;

    public static async Task<RabbitMqServer> RabbitMq() => (await WithRabbitMq.Value).RabbitMq;

    public static async Task<KafkaServer> Kafka() => (await WithKafka.Value).Kafka;

    /// <summary>An empty database of its own.</summary>
    public static async Task<EvoFlowDatabase> CreateDatabase(CancellationToken cancellationToken) =>
        await (await PostgreSql()).CreateDatabase(NewName(), cancellationToken);

    /// <summary>A database of its own as evo-flow leaves it.</summary>
    public static async Task<EvoFlowDatabase> CreateOldDatabase(CancellationToken cancellationToken)
    {
        var database = await CreateDatabase(cancellationToken);
        await database.ApplyOldSchema(cancellationToken);
        return database;
    }

    /// <summary>A database of its own as evo-flow leaves it, with what the sender adds.</summary>
    public static async Task<EvoFlowDatabase> CreateMigratedDatabase(CancellationToken cancellationToken) =>
        await (await PostgreSql()).CopyDatabase(await Migrated.Value, NewName(), cancellationToken);

    [OneTimeTearDown]
    public async Task Stop()
    {
        await SceneDatabase.DropFree();
        if (Migrated.IsValueCreated && Migrated.Value.IsCompletedSuccessfully)
        {
            await (await Migrated.Value).Drop(CancellationToken.None);
        }

        foreach (var servers in new[] { WithPostgreSql, WithRabbitMq, WithKafka })
        {
            if (servers.IsValueCreated)
            {
                await (await servers.Value).DisposeAsync();
            }
        }
    }

    private static string NewName() => $"test_{Guid.NewGuid():N}";

    private static async Task<EvoFlowDatabase> Migrate()
    {
        var database = await CreateOldDatabase(CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await new DatabaseMigrator(
            database.ConnectionString,
            source,
            new MigrationPatience(),
            TimeProvider.System,
            NullLogger<DatabaseMigrator>.Instance
        ).Migrate(CancellationToken.None);
        // It can be copied when nobody is connected to it.
        NpgsqlConnection.ClearAllPools();
        return database;
    }

    private static Lazy<Task<LocalServers>> Servers(ServerNeeds needs) =>
        new(() => LocalServers.Start(needs, new TestServerLog(), CancellationToken.None));
}
