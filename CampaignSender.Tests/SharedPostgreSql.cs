using CampaignSender.Sandbox.Servers;
using CampaignSender.Tests.Servers;
using NUnit.Framework;

namespace CampaignSender.Tests;

/// <summary>One PostgreSQL for the tests of the rooms, started by the first of them that asks for it.</summary>
[SetUpFixture]
internal sealed class SharedPostgreSql
{
    private static readonly Lazy<Task<LocalServers>> Servers = new(() =>
        LocalServers.Start(ServerNeeds.PostgreSql, new TestServerLog(), CancellationToken.None)
    );

    /// <summary>An empty database of its own.</summary>
    public static async Task<EvoFlowDatabase> CreateDatabase(CancellationToken cancellationToken) =>
        await (await Servers.Value).PostgreSql.CreateDatabase($"test_{Guid.NewGuid():N}", cancellationToken);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (Servers.IsValueCreated)
        {
            await (await Servers.Value).DisposeAsync();
        }
    }
}
