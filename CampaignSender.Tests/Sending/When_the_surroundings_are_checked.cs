using CampaignSender.Host.Commands;
using CampaignSender.Host.Configuration;
using CampaignSender.Sandbox.Stages;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>The command <c>check</c>, with the services that it has.</summary>
[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_the_surroundings_are_checked(BrokerKind broker) : SendingTest(broker)
{
    private StringWriter _output = null!;
    private TextWriter _console = null!;

    [SetUp]
    public void Listen()
    {
        _console = Console.Out;
        Console.SetOut(_output = new StringWriter());
    }

    [TearDown]
    public void StopListening()
    {
        Console.SetOut(_console);
        _output.Dispose();
    }

    [Test, CancelAfter(60_000)]
    public async Task All_is_well(CancellationToken cancellationToken) =>
        Assert.That(await Check(cancellationToken), Is.EqualTo(ExitCodes.Success));

    [TestCase("Database:Port", "1")]
    [TestCase("Database:Password", "wrong")]
    [TestCase("Crm:ApiToken", "wrong")]
    [TestCase("Crm:BaseUrl", "http://127.0.0.1:1")]
    [CancelAfter(60_000)]
    public async Task A_server_that_is_away_or_refuses_us_is_a_fault(
        string key,
        string value,
        CancellationToken cancellationToken
    ) => Assert.That(await Check(cancellationToken, (key, value)), Is.EqualTo(ExitCodes.Failure));

    [Test, CancelAfter(60_000)]
    public async Task A_CRM_that_is_away_is_named_with_the_cause(CancellationToken cancellationToken)
    {
        await Check(cancellationToken, ("Crm:BaseUrl", "http://127.0.0.1:1"));

        Assert.That(_output.ToString(), Does.Contain("FAULT  CRM: Connection refused (127.0.0.1:1): expected it"));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_database_that_forgets_what_it_committed_is_worth_a_note(CancellationToken cancellationToken)
    {
        await Execute(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$",
            cancellationToken
        );

        Assert.That(await Check(cancellationToken), Is.EqualTo(ExitCodes.Success));
        Assert.That(_output.ToString(), Does.Contain("note   database: ").And.Contain("synchronous_commit is off"));
    }

    [Test, CancelAfter(60_000)]
    public async Task So_is_one_without_campaigns(CancellationToken cancellationToken)
    {
        await Execute("ALTER TABLE campaigns RENAME TO others", cancellationToken);

        Assert.That(await Check(cancellationToken), Is.EqualTo(ExitCodes.Success));
        Assert.That(_output.ToString(), Does.Contain("note   database: is reachable, and has no table campaigns"));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_broker_that_is_away_is_a_fault(CancellationToken cancellationToken)
    {
        var nobody = Scene.Kafka is not null
            ? ("Kafka:Brokers", "127.0.0.1:1")
            : ("RabbitMq:Url", "amqp://guest:guest@127.0.0.1:1");

        Assert.That(await Check(cancellationToken, nobody), Is.EqualTo(ExitCodes.Failure));
    }

    [Test, CancelAfter(60_000)]
    public void Settings_that_are_missing_are_told_together(CancellationToken cancellationToken) =>
        Assert.That(
            () => Check(cancellationToken, ("Crm:ApiToken", ""), ("Database:Host", "")),
            Throws.TypeOf<InvalidConfigurationException>().With.Property("Faults").Count.EqualTo(2)
        );

    private async Task<int> Check(CancellationToken cancellationToken, params (string, string?)[] overrides)
    {
        await using var services = Scene.CommandServices(
            (services, configuration) => services.AddChecks(configuration),
            overrides
        );
        return await CheckCommand.Execute(services, cancellationToken);
    }
}
