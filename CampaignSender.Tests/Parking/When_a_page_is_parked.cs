using System.Text;
using System.Text.Json;
using CampaignSender.Host.Parking;
using CampaignSender.Sandbox.Campaigns;
using NUnit.Framework;

namespace CampaignSender.Tests.Parking;

internal sealed class When_a_page_is_parked : ParkingTest
{
    [Test, CancelAfter(10_000)]
    public async Task It_comes_back_as_it_was(CancellationToken cancellationToken)
    {
        const string body = "{ \"as\" : \"the producer wrote it \\u0000 é\" }\n";
        var plan = await Insert(contacts: 1, cancellationToken);
        var delivery = Delivery(plan, body: body, redrives: 3) with
        {
            Headers = new Dictionary<string, string> { ["messageId"] = "m-1", ["x"] = "é \" \\ 😀" },
        };

        await Park(delivery, Now, cancellationToken);

        var page = (await TakeDue(cancellationToken)).Single();
        Assert.Multiple(() =>
        {
            Assert.That(page.CampaignId, Is.EqualTo(plan.CampaignId));
            Assert.That(page.Page, Is.EqualTo(1));
            Assert.That(page.Reason, Is.EqualTo("claimed_elsewhere"));
            Assert.That(Encoding.UTF8.GetString(page.Body), Is.EqualTo(body));
            Assert.That(
                JsonSerializer.Deserialize<Dictionary<string, string>>(page.Headers),
                Is.EquivalentTo(delivery.Headers)
            );
            Assert.That(page.Redrives, Is.EqualTo(3));
            Assert.That(page.HasEnded, Is.False);
        });
    }

    [Test, CancelAfter(10_000)]
    public async Task A_header_that_PostgreSQL_cannot_hold_is_left_out(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var delivery = Delivery(plan) with
        {
            Headers = new Dictionary<string, string>
            {
                ["messageId"] = "m-1",
                ["binary"] = "a\0b",
                ["\0"] = "c",
            },
        };

        await Park(delivery, Now, cancellationToken);

        var headers = JsonSerializer.Deserialize<Dictionary<string, string>>(
            (await TakeDue(cancellationToken)).Single().Headers
        );
        Assert.That(headers, Is.EquivalentTo(new Dictionary<string, string> { ["messageId"] = "m-1" }));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_second_time_it_is_still_one_page(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);

        await Park(Delivery(plan, redrives: 2), Later, cancellationToken);
        await Park(Delivery(plan, redrives: 1), Later, cancellationToken);

        Assert.That(await Count(cancellationToken), Is.EqualTo(1));
        Assert.That(await TakeDue(cancellationToken), Is.Empty);
    }

    [Test, CancelAfter(10_000)]
    public async Task It_waits_no_longer_than_the_shorter_of_two_delays(
        [Values] bool isShorterFirst,
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 1, cancellationToken);

        await Park(Delivery(plan, redrives: 2), isShorterFirst ? Now : Later, cancellationToken);
        await Park(Delivery(plan, redrives: 1), isShorterFirst ? Later : Now, cancellationToken);

        Assert.That((await TakeDue(cancellationToken)).Select(page => page.Redrives), Is.EqualTo((int[])[2]));
    }

    [Test, CancelAfter(10_000)]
    public async Task It_is_told_from_another_message_of_the_same_number(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var other = await Insert(contacts: 1, cancellationToken);

        await Park(Delivery(plan), Now, cancellationToken);
        await Park(Delivery(plan, page: 2), Now, cancellationToken);
        await Park(Delivery(plan, body: "{ }"), Now, cancellationToken);
        await Park(Delivery(other), Now, cancellationToken);

        Assert.That(await TakeDue(cancellationToken), Has.Count.EqualTo(4));
    }

    [Test, CancelAfter(10_000)]
    public async Task It_is_counted_by_its_reason(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Store.Park(Delivery(plan), "time_budget", Later, cancellationToken);
        await Store.Park(Delivery(plan, page: 2), "time_budget", Later, cancellationToken);
        await Store.Park(Delivery(plan, page: 3), "crm_unauthorized", Later, cancellationToken);

        var counts = (await Store.CountByReason(cancellationToken)).ToDictionary(count => count.Reason);

        Assert.That(counts.Keys, Is.EquivalentTo(["time_budget", "crm_unauthorized"]));
        Assert.That(counts["time_budget"].Pages, Is.EqualTo(2));
        Assert.That(counts["time_budget"].OldestSeconds, Is.InRange(0, 10));
    }

    [Test, CancelAfter(10_000)]
    public async Task Those_that_an_operator_selects_are_counted(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Park(Delivery(plan, page: 1), Later, cancellationToken);
        await Park(Delivery(plan, page: 2), Later, cancellationToken);
        await Park(Delivery(await Insert(contacts: 1, cancellationToken)), Later, cancellationToken);

        Assert.That(await Store.Count(new ParkedSelection(), cancellationToken), Is.EqualTo(3));
        Assert.That(
            await Store.Count(new ParkedSelection { CampaignId = plan.CampaignId }, cancellationToken),
            Is.EqualTo(2)
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task While_its_campaign_is_paused_it_counts_as_waiting_for_that(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Store.Park(Delivery(plan), "crm_unauthorized", Now, cancellationToken);
        await Campaigns.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);

        var count = (await Store.CountByReason(cancellationToken)).Single();

        Assert.That((count.Reason, count.Due), Is.EqualTo(("campaign_not_sending", 0)));
    }

    [Test, CancelAfter(10_000)]
    public async Task It_waits_for_the_packer_that_has_emptied_its_campaign_since(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Park(Delivery(plan), Now, cancellationToken);
        await Campaigns.Empty(plan, cancellationToken);
        await Campaigns.Fill(plan, cancellationToken);

        Assert.That((await Store.CountByReason(cancellationToken)).Single().Reason, Is.EqualTo("packed_anew"));
        Assert.That(await TakeDue(cancellationToken), Is.Empty);

        await Store.Redrive(new ParkedSelection(), cancellationToken);
        Assert.That(await TakeDue(cancellationToken), Is.Empty, "it is not named");

        await Store.Redrive(new ParkedSelection { CampaignId = plan.CampaignId }, cancellationToken);
        Assert.That(await TakeDue(cancellationToken), Has.Count.EqualTo(1), "an operator lets it go on");
    }

    [Test, CancelAfter(10_000)]
    public async Task It_waits_for_the_packer_for_a_day(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Park(Delivery(plan), Now, cancellationToken);
        await Campaigns.Empty(plan, cancellationToken);

        await Execute(
            """
            UPDATE campaign_sender_parked_pages SET parked_at = parked_at - interval '25 hours';
            UPDATE campaign_sender_emptied_campaigns SET emptied_at = emptied_at - interval '25 hours';
            """,
            new { },
            cancellationToken
        );

        Assert.That(await TakeDue(cancellationToken), Has.Count.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task It_does_not_wait_for_a_packer_where_the_campaign_was_paused(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Park(Delivery(plan), Now, cancellationToken);
        await Campaigns.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);
        await Campaigns.Empty(plan, cancellationToken);
        await Campaigns.Fill(plan, cancellationToken);

        await Campaigns.SetStatus(plan.CampaignId, CampaignRows.Sending, cancellationToken);

        Assert.That(await TakeDue(cancellationToken), Has.Count.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task Parked_again_it_is_a_page_of_the_packing_that_goes_on(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Park(Delivery(plan), Now, cancellationToken);
        await Campaigns.Empty(plan, cancellationToken);

        await Park(Delivery(plan), Now, cancellationToken);

        Assert.That(await TakeDue(cancellationToken), Has.Count.EqualTo(1));
    }

    [Test]
    public void Every_reason_has_a_name_of_its_own() =>
        Assert.That(Enum.GetValues<ParkingReason>().Select(reason => reason.Name()), Is.Unique.And.All.Not.Empty);
}
