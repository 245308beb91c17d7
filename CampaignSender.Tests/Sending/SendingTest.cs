using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Stages;
using Dapper;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace CampaignSender.Tests.Sending;

/// <summary>A test with a scene of its own, on the shared servers.</summary>
internal abstract class SendingTest(BrokerKind broker = BrokerKind.RabbitMq, bool isMigrated = true)
{
    protected Scene Scene { get; private set; } = null!;

    /// <summary>Ahead of the tests, whose time would run while a server is installed.</summary>
    [OneTimeSetUp]
    public Task StartTheServers() =>
        Task.WhenAll(
            SharedServers.PostgreSql(),
            broker is BrokerKind.Kafka ? SharedServers.Kafka() : SharedServers.RabbitMq()
        );

    [SetUp]
    public async Task SetTheScene() => Scene = await Scene.Set(broker, isMigrated, CancellationToken.None);

    [TearDown]
    public async Task EndTheScene()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status is TestStatus.Failed)
        {
            Scene.WriteLogs(TestContext.Out);
        }

        var unexpected = Scene.Crm.UnexpectedRequests;
        await Scene.DisposeAsync();
        Assert.That(unexpected, Is.Empty, "requests that the CRM does not know");
    }

    protected Task<CampaignPlan> Prepare(int contacts, int pageSize, CancellationToken cancellationToken) =>
        Scene.Prepare(
            new CampaignPlan { ContactIds = CampaignPlan.NewContacts(contacts), PageSize = pageSize },
            cancellationToken
        );

    /// <summary>Runs it in the scene's database.</summary>
    protected async Task Execute(string statement, CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(statement, cancellationToken: cancellationToken));
    }
}
