using CampaignSender.Sandbox.Stages;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>The CRM leaves a message without an answer, and is asked about it when it must be done with it.</summary>
[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_few_outcomes_are_awaited(BrokerKind broker) : SendingTest(broker)
{
    [TestCase(1), TestCase(2), CancelAfter(60_000)]
    public async Task Their_page_makes_room_where_others_wait(int places, CancellationToken cancellationToken)
    {
        // Others must still come when it has nothing to do but wait.
        var plan = await Prepare(contacts: 20, pageSize: 2, cancellationToken);
        Scene.Crm.Latency = TimeSpan.FromMilliseconds(30);
        Scene.Crm.LoseAnswers(times: 1);
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("RabbitMq:PrefetchCount", $"{places}"),
            ("Kafka:PagesInWork", $"{places}"),
            ("Dispatch:Timeout", "00:00:02"),
            ("Dispatch:SettleTime", "00:00:03"),
            ("Claim:TimeToLive", "00:00:04")
        );

        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForMessages(plan.ContactIds.Count, cancellationToken);

        Assert.That(Scene.Crm.LookupCount, Is.Zero, "nobody has waited for that");
        await replica.Log.WaitFor("is parked: outcome_awaited", cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task Their_page_keeps_its_place_where_nobody_wants_it(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 2, pageSize: 2, cancellationToken);
        Scene.Crm.LoseAnswers(times: 1);

        var replica = await Send(
            plan,
            cancellationToken,
            ("Dispatch:Timeout", "00:00:01"),
            ("Dispatch:SettleTime", "00:00:01")
        );

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(replica.Log.All.Select(line => line.Text), Has.None.Contains("is parked"));
    }
}
