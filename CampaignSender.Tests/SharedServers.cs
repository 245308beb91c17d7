using CampaignSender.Sandbox.Servers;
using CampaignSender.Tests.Servers;
using NUnit.Framework;

namespace CampaignSender.Tests;

/// <summary>The servers of all tests, one after the other. The first test that asks for one starts it.</summary>
[SetUpFixture]
internal sealed class SharedServers
{
    private static readonly Lazy<Task<LocalServers>> WithPostgreSql = Servers(ServerNeeds.PostgreSql);
    private static readonly Lazy<Task<LocalServers>> WithRabbitMq = Servers(ServerNeeds.RabbitMq);
    private static readonly Lazy<Task<LocalServers>> WithKafka = Servers(ServerNeeds.Kafka);

    public static async Task<PostgreSqlServer> PostgreSql() => (await WithPostgreSql.Value).PostgreSql;

    public static async Task<RabbitMqServer> RabbitMq() => (await WithRabbitMq.Value).RabbitMq;

    public static async Task<KafkaServer> Kafka() => (await WithKafka.Value).Kafka;

    /// <summary>An empty database of its own.</summary>
    public static async Task<EvoFlowDatabase> CreateDatabase(CancellationToken cancellationToken) =>
        await (await PostgreSql()).CreateDatabase($"test_{Guid.NewGuid():N}", cancellationToken);

    [OneTimeTearDown]
    public async Task Stop()
    {
        foreach (var servers in new[] { WithPostgreSql, WithRabbitMq, WithKafka })
        {
            if (servers.IsValueCreated)
            {
                await (await servers.Value).DisposeAsync();
            }
        }
    }

    private static Lazy<Task<LocalServers>> Servers(ServerNeeds needs) =>
        new(() => LocalServers.Start(needs, new TestServerLog(), CancellationToken.None));
}
