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
