using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

internal sealed class When_an_inbox_has_a_limit : SendingTest
{
    [Test, CancelAfter(60_000)]
    public async Task Everybody_gets_the_message_and_no_page_is_dead_lettered(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1_000, pageSize: 50, cancellationToken);
        await StartReplica(capacity: 20, rate: 400, cancellationToken);
        await StartReplica(capacity: 20, rate: 400, cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(await Scene.Broker.CountDeadLetters(cancellationToken), Is.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_pause_ends_the_wait(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 50, pageSize: 50, cancellationToken);
        var replica = await StartReplica(capacity: 1, rate: 1, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForMessages(1, cancellationToken);

        await Scene.Order(plan, ControlAction.Pause, cancellationToken);
        await replica.Log.WaitFor("is parked: CampaignNotSending", cancellationToken);

        Assert.That(await Scene.CountClaims(cancellationToken), Is.Zero, "claims left");
        Assert.That((await Scene.Rows.Count(plan.CampaignId, cancellationToken)).Pending, Is.GreaterThan(0));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_page_that_cannot_wait_any_longer_is_parked_and_comes_back(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 60, pageSize: 60, cancellationToken);
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("RateLimit:Capacity", "20"),
            ("RateLimit:RefillRate", "10"),
            ("Parking:PageTimeBudget", "00:00:01")
        );

        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("is parked: TimeBudget", cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    private Task<RunningReplica> StartReplica(int capacity, int rate, CancellationToken cancellationToken) =>
        Scene.StartReplica(
            cancellationToken,
            ("RateLimit:Capacity", $"{capacity}"),
            ("RateLimit:RefillRate", $"{rate}")
        );
}
