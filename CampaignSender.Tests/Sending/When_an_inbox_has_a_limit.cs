using CampaignSender.Contracts;
using CampaignSender.Host.Pacing;
using CampaignSender.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
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
        await replica.Log.WaitFor("is parked: campaign_not_sending", cancellationToken);

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
        await replica.Log.WaitFor("is parked: time_budget", cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task Turns_that_nobody_could_use_in_time_are_not_made_up_for(CancellationToken cancellationToken)
    {
        const int rate = 20;
        var plan = await Prepare(contacts: 300, pageSize: 300, cancellationToken);
        await Scene.StartReplica(
            cancellationToken,
            ("RateLimit:Capacity", "1"),
            ("RateLimit:RefillRate", $"{rate}"),
            ("Dispatch:Concurrency", "4"),
            ("Dispatch:Timeout", "00:00:10"),
            ("Claim:TimeToLive", "00:00:30")
        );
        await Scene.Publish(plan, cancellationToken);
        await Eventually.Holds(() => Scene.Crm.ContactRequests - Scene.Crm.PostCount >= 50, cancellationToken);

        // All of these get their turns meanwhile, and wait for a slot.
        Scene.Crm.Hold();
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, cancellationToken);
        var posts = Scene.Crm.PostCount;
        var released = TimeProvider.System.GetTimestamp();
        Scene.Crm.Release();
        // A turn is good for a second: those of the last one go at once, and what follows goes at the rate.
        await Scene.Crm.WaitForPosts(posts + (2 * rate), cancellationToken);

        Assert.That(TimeProvider.System.GetElapsedTime(released), Is.GreaterThan(TimeSpan.FromSeconds(0.8)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Those_who_wait_for_their_turn_do_not_hold_up_other_inboxes(CancellationToken cancellationToken)
    {
        var slow = await Prepare(contacts: 30, pageSize: 30, cancellationToken);
        var quick = await Prepare(contacts: 30, pageSize: 30, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken, ("Dispatch:Concurrency", "4"));
        await replica
            .Services.GetRequiredService<IInboxLimits>()
            .Set(slow.InboxId, capacity: 1, refillRate: 1, cancellationToken);
        await Scene.Publish(slow, cancellationToken);
        await Scene.Crm.WaitForMessages(1, cancellationToken);

        await Scene.Publish(quick, cancellationToken);
        await Scene.WaitForReports(quick, cancellationToken);

        await Scene.AssertEverybodyGotOne(quick, cancellationToken);
        Assert.That(Scene.MessagesByContact(slow), Has.Count.LessThan(15));
    }

    private Task<RunningReplica> StartReplica(int capacity, int rate, CancellationToken cancellationToken) =>
        Scene.StartReplica(
            cancellationToken,
            ("RateLimit:Capacity", $"{capacity}"),
            ("RateLimit:RefillRate", $"{rate}")
        );
}
