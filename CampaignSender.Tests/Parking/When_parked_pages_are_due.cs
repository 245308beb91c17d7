using System.Collections.Concurrent;
using CampaignSender.Host.Parking;
using CampaignSender.Sandbox.Campaigns;
using NUnit.Framework;

namespace CampaignSender.Tests.Parking;

internal sealed class When_parked_pages_are_due : ParkingTest
{
    private const int Draft = 0;
    private const int Scheduled = 1;
    private const int Completed = 5;
    private const int SendingAb = 6;

    [TestCase(CampaignRows.Sending)]
    [TestCase(SendingAb)]
    [CancelAfter(10_000)]
    public async Task They_are_taken_once(int status, CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Campaigns.SetStatus(plan.CampaignId, status, cancellationToken);
        await Park(Delivery(plan), Now, cancellationToken);

        Assert.That(await TakeDue(cancellationToken), Has.Count.EqualTo(1));
        Assert.That(await TakeDue(cancellationToken), Is.Empty);
        Assert.That(await Count(cancellationToken), Is.Zero);
    }

    [Test, CancelAfter(10_000)]
    public async Task They_alone_are_counted_as_due(CancellationToken cancellationToken)
    {
        var sending = await Insert(contacts: 1, cancellationToken);
        var paused = await Insert(contacts: 1, cancellationToken);
        var stopped = await Insert(contacts: 1, cancellationToken);
        await Campaigns.SetStatus(paused.CampaignId, CampaignRows.Paused, cancellationToken);
        await Campaigns.SetStatus(stopped.CampaignId, CampaignRows.Stopped, cancellationToken);
        await Park(Delivery(sending), Now, cancellationToken);
        await Park(Delivery(sending, page: 2), Later, cancellationToken);
        await Park(Delivery(paused), Now, cancellationToken);
        await Park(Delivery(stopped), Later, cancellationToken);

        Assert.That((await Store.CountByReason(cancellationToken)).Sum(count => count.Due), Is.EqualTo(2));
        Assert.That(await TakeDue(cancellationToken), Has.Count.EqualTo(2));
    }

    [Test, CancelAfter(10_000)]
    public async Task Those_whose_time_has_not_come_stay(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Park(Delivery(plan), Later, cancellationToken);

        Assert.That(await TakeDue(cancellationToken), Is.Empty);
        Assert.That(await Count(cancellationToken), Is.EqualTo(1));
    }

    [TestCase(CampaignRows.Paused)]
    [TestCase(Draft)]
    [TestCase(Scheduled)]
    [CancelAfter(10_000)]
    public async Task Those_of_a_campaign_that_does_not_send_stay_until_it_does(
        int status,
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Campaigns.SetStatus(plan.CampaignId, status, cancellationToken);
        await Park(Delivery(plan), Now, cancellationToken);

        Assert.That(await TakeDue(cancellationToken), Is.Empty);

        await Campaigns.SetStatus(plan.CampaignId, CampaignRows.Sending, cancellationToken);
        Assert.That(await TakeDue(cancellationToken), Has.Count.EqualTo(1).And.All.Property("HasEnded").False);
    }

    [Test, CancelAfter(10_000)]
    public async Task Those_that_were_parked_because_their_campaign_was_completed_stay_until_an_operator_lets_them_go(
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Campaigns.SetStatus(plan.CampaignId, Completed, cancellationToken);
        await Store.Park(Delivery(plan), ParkingReason.CampaignCompleted.Name(), Now, cancellationToken);

        Assert.That((await Store.CountByReason(cancellationToken)).Single().Due, Is.Zero);
        Assert.That(await TakeDue(cancellationToken), Is.Empty);

        await Campaigns.SetStatus(plan.CampaignId, CampaignRows.Sending, cancellationToken);
        Assert.That(await TakeDue(cancellationToken), Is.Empty, "evo-flow sends it once more");

        var unnamed = new ParkedSelection { Reason = ParkingReason.CampaignCompleted.Name() };
        Assert.That(await Store.Redrive(unnamed, cancellationToken), Is.Zero, "nor is it named");
        await Store.Redrive(new ParkedSelection { CampaignId = plan.CampaignId }, cancellationToken);
        Assert.That(await TakeDue(cancellationToken), Has.Count.EqualTo(1).And.All.Property("HasEnded").False);
    }

    [Test, CancelAfter(10_000)]
    public async Task Those_of_a_completed_campaign_that_was_packed_again_stay_for_a_day(
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Store.Park(Delivery(plan), ParkingReason.CampaignCompleted.Name(), Now, cancellationToken);
        await Execute(
            "DELETE FROM campaigns_contacts WHERE campaign_id = @id",
            new { id = plan.CampaignId },
            cancellationToken
        );
        Assert.That(await TakeDue(cancellationToken), Is.Empty);

        await Execute(
            """
            UPDATE campaign_sender_parked_pages SET parked_at = parked_at - interval '25 hours';
            UPDATE campaign_sender_emptied_campaigns SET emptied_at = emptied_at - interval '25 hours'
            """,
            new { },
            cancellationToken
        );
        Assert.That(await TakeDue(cancellationToken), Has.Count.EqualTo(1));
    }

    /// <summary>They may be copies of pages that others have finished since.</summary>
    [Test, CancelAfter(10_000)]
    public async Task Others_of_a_completed_campaign_are_looked_through_at_their_time(
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Campaigns.SetStatus(plan.CampaignId, Completed, cancellationToken);
        await Park(Delivery(plan), Now, cancellationToken);
        await Park(Delivery(plan, page: 2), Later, cancellationToken);

        var taken = await TakeDue(cancellationToken);

        Assert.That(taken.Select(page => (page.Page, page.HasEnded)), Is.EqualTo([(1, false)]));
        Assert.That(await Count(cancellationToken), Is.EqualTo(1));
    }

    [TestCase("UPDATE campaigns SET status = 4 WHERE id = @id", TestName = "Those of a stopped campaign end at once")]
    [TestCase(
        "UPDATE campaigns SET deleted_at = now() WHERE id = @id",
        TestName = "Those of a campaign marked as deleted end at once"
    )]
    [TestCase("DELETE FROM campaigns WHERE id = @id", TestName = "Those of a campaign that is gone end at once")]
    [CancelAfter(10_000)]
    public async Task Those_of_an_ended_campaign_end_at_once(string ending, CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Park(Delivery(plan), Later, cancellationToken);

        await Execute(ending, new { id = plan.CampaignId }, cancellationToken);

        Assert.That(await TakeDue(cancellationToken), Has.Count.EqualTo(1).And.All.Property("HasEnded").True);
        Assert.That(await Count(cancellationToken), Is.Zero);
    }

    [Test, CancelAfter(10_000)]
    public async Task Pages_that_wait_for_their_campaign_do_not_hold_up_the_others(CancellationToken cancellationToken)
    {
        var paused = await Insert(contacts: 1, cancellationToken);
        var sending = await Insert(contacts: 1, cancellationToken);
        await Campaigns.SetStatus(paused.CampaignId, CampaignRows.Paused, cancellationToken);
        for (var page = 1; page <= 10; page++)
        {
            await Park(Delivery(paused, page), Now, cancellationToken);
        }

        await Park(Delivery(sending), Now, cancellationToken);

        var taken = await TakeDue(cancellationToken, limit: 5);

        Assert.That(taken.Select(page => page.CampaignId), Is.EqualTo((Guid[])[sending.CampaignId]));
    }

    [Test, CancelAfter(10_000)]
    public async Task The_oldest_are_taken_first_and_no_more_than_asked(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        for (var page = 1; page <= 5; page++)
        {
            await Park(Delivery(plan, page), Now, cancellationToken);
        }

        Assert.That(
            (await TakeDue(cancellationToken, limit: 3)).Select(page => page.Page),
            Is.EqualTo((int[])[1, 2, 3])
        );
        Assert.That((await TakeDue(cancellationToken, limit: 3)).Select(page => page.Page), Is.EqualTo((int[])[4, 5]));
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_cannot_be_published_stays_and_lets_the_others_go_first(
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Park(Delivery(plan), Now, cancellationToken);
        await Park(Delivery(plan, page: 2), Now, cancellationToken);
        await Park(Delivery(plan, page: 3), Now, cancellationToken);

        Assert.That(
            () =>
                Store.TakeDue(
                    10,
                    (page, _) => page.Page == 2 ? throw new TimeoutException() : Task.CompletedTask,
                    cancellationToken
                ),
            Throws.InstanceOf<TimeoutException>()
        );

        Assert.That((await TakeDue(cancellationToken)).Select(page => page.Page), Is.EqualTo((int[])[3]));
        Assert.That(await Count(cancellationToken), Is.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_is_parked_again_while_it_is_published_is_not_lost(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Park(Delivery(plan), Now, cancellationToken);
        var again = Task.CompletedTask;

        // Its consumer is faster than the redriver's commit.
        await Store.TakeDue(
            10,
            (_, token) =>
            {
                again = Park(Delivery(plan, redrives: 1), Now, token);
                return Task.CompletedTask;
            },
            cancellationToken
        );
        await again;

        Assert.That((await TakeDue(cancellationToken)).Select(page => page.Redrives), Is.EqualTo((int[])[1]));
    }

    [Test, CancelAfter(30_000)]
    public async Task Two_redrivers_never_get_the_same_page(CancellationToken cancellationToken)
    {
        const int rounds = 10;
        const int pages = 30;
        var plan = await Insert(contacts: 1, cancellationToken);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var page in Enumerable.Range(1, pages))
            {
                await Park(Delivery(plan, page), Now, cancellationToken);
            }

            var taken = new ConcurrentBag<int>();
            await Task.WhenAll(Redrive(taken, cancellationToken), Redrive(taken, cancellationToken));

            Assert.That(taken, Is.EquivalentTo(Enumerable.Range(1, pages)), $"in round {round}");
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task What_one_redriver_holds_does_not_stop_another(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Park(Delivery(plan), Now, cancellationToken);
        await Park(Delivery(plan, page: 2), Now, cancellationToken);
        var byTheOther = new List<int>();

        await Store.TakeDue(
            1,
            async (_, token) => byTheOther.AddRange((await TakeDue(token)).Select(page => page.Page)),
            cancellationToken
        );

        Assert.That(byTheOther, Is.EqualTo((int[])[2]));
        Assert.That(await Count(cancellationToken), Is.Zero);
    }

    private async Task Redrive(ConcurrentBag<int> taken, CancellationToken cancellationToken)
    {
        // Both begin on threads of their own, and let go between any two pages.
        await Task.Yield();
        while (
            await Store.TakeDue(
                4,
                async (page, _) =>
                {
                    await Task.Yield();
                    taken.Add(page.Page);
                },
                cancellationToken
            ) > 0
        ) { }
    }
}
