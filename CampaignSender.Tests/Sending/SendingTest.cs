using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Stages;
using Dapper;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace CampaignSender.Tests.Sending;

/// <summary>A test with a scene of its own, on the shared servers.</summary>
internal abstract class SendingTest(
    BrokerKind broker = BrokerKind.RabbitMq,
    bool isMigrated = true,
    SimulatedCrmOptions? crm = null
)
{
    protected Scene Scene { get; private set; } = null!;

    /// <summary>Whether contacts get more than one message of a campaign in this test.</summary>
    protected bool IsMeantToRepeat { get; set; }

    /// <summary>Ahead of the tests, whose time would run while a server is installed.</summary>
    [OneTimeSetUp]
    public Task StartTheServers() =>
        Task.WhenAll(
            SharedServers.PostgreSql(),
            broker is BrokerKind.Kafka ? SharedServers.Kafka() : SharedServers.RabbitMq()
        );

    [SetUp]
    public async Task SetTheScene()
    {
        IsMeantToRepeat = false;
        Scene = await Scene.Set(broker, isMigrated, crm ?? new SimulatedCrmOptions(), CancellationToken.None);
    }

    [TearDown]
    public async Task EndTheScene()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status is TestStatus.Failed)
        {
            Scene.WriteLogs(TestContext.Out);
        }

        var unexpected = Scene.Crm.UnexpectedRequests;
        await Scene.DisposeAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(unexpected, Is.Empty, "requests that the CRM does not know");
            Assert.That(Scene.Unacknowledged, Is.Zero, "pages that nobody has acknowledged");
            // Looked at when nobody sends any more: what a test has waited for may not have been the end.
            Assert.That(Scene.Crm.Repeated, IsMeantToRepeat ? Is.Not.Empty : Is.Empty, "contacts with two messages");
        }
    }

    protected Task<CampaignPlan> Prepare(int contacts, int pageSize, CancellationToken cancellationToken) =>
        Scene.Prepare(
            new CampaignPlan { ContactIds = CampaignPlan.NewContacts(contacts), PageSize = pageSize },
            cancellationToken
        );

    /// <summary>By a replica of its own, until all its pages are reported.</summary>
    protected async Task<RunningReplica> Send(
        CampaignPlan plan,
        CancellationToken cancellationToken,
        params (string Key, string? Value)[] overrides
    )
    {
        var replica = await Scene.StartReplica(cancellationToken, overrides);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        return replica;
    }

    /// <summary>Every change of the contacts' rows ends as on a full disk.</summary>
    protected Task FailUpdates(IEnumerable<Guid> contactIds, CancellationToken cancellationToken) =>
        Execute(
            $$"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON campaigns_contacts
            FOR EACH ROW WHEN (NEW.contact_id = ANY ('{{{string.Join(',', contactIds)}}}')) EXECUTE FUNCTION refuse();
            """,
            cancellationToken
        );

    /// <summary>Runs it in the scene's database.</summary>
    protected async Task Execute(string statement, CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(statement, cancellationToken: cancellationToken));
    }
}
