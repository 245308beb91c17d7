using CampaignSender.Sandbox.Replicas;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending.Kafka;

internal sealed class When_pages_of_one_partition_are_in_work : KafkaTest
{
    [Test, CancelAfter(30_000)]
    public async Task Only_the_finished_beginning_of_the_partition_is_committed(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 4, pageSize: 1, cancellationToken);
        var other = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Scene.StartPatientReplica(cancellationToken);
        Scene.Crm.Hold(plan.ContactIds[1]);
        await Publish(0, plan, cancellationToken);
        await Scene.Reports.WaitForPages(plan.CampaignId, 3, cancellationToken);
        await Publish(1, other, cancellationToken);

        // What may be committed of the first partition is committed with it.
        await WaitForCommit(1, 1, cancellationToken);
        Assert.That(await Committed(0, cancellationToken), Is.EqualTo(1));

        Scene.Crm.Release();
        await WaitForCommit(0, 4, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    /// <summary>A group that starts at the end where it has no offset, as the old sender's does, would leave it out.</summary>
    [Test, CancelAfter(30_000)]
    public async Task A_place_is_committed_though_nothing_is_finished_there(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Scene.StartPatientReplica(cancellationToken);
        Scene.Crm.Hold();
        await Publish(0, plan, cancellationToken);
        await Scene.Crm.WaitForPosts(1, cancellationToken);

        await WaitForCommit(0, 0, cancellationToken);

        Scene.Crm.Release();
        await WaitForCommit(0, 1, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task As_many_are_in_work_as_the_setting_says(CancellationToken cancellationToken)
    {
        const int Pages = 3;
        var plan = await Prepare(contacts: 12, pageSize: 1, cancellationToken);
        var replica = await Scene.StartPatientReplica(cancellationToken, ("Kafka:PagesInWork", $"{Pages}"));
        Scene.Crm.Hold();
        await Publish(0, plan, cancellationToken);
        await Scene.Crm.WaitForPosts(Pages, cancellationToken);

        // The lag is measured again and again: time enough for a further page to show.
        await Metrics.WaitFor(
            replica.Http,
            metrics => metrics.Sum("campaign_sender_consumer_lag", "campaigns.send") == plan.PageCount,
            cancellationToken
        );
        var metrics = await Metrics.Scrape(replica.Http, cancellationToken);
        Assert.That(metrics.Sum("campaign_sender_pages_in_work", ""), Is.EqualTo(Pages));
        Assert.That(Scene.Crm.PostCount, Is.EqualTo(Pages));

        Scene.Crm.Release();
        await Scene.WaitForReports(plan, cancellationToken);
        await WaitForCommit(0, plan.PageCount, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task Under_load_offsets_are_committed_once_a_second_at_most(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 400, pageSize: 10, cancellationToken);
        var endless = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Scene.StartPatientReplica(cancellationToken);
        Scene.Crm.Hold(endless.ContactIds[0]);
        await Publish(1, endless, cancellationToken);
        Scene.Crm.Latency = TimeSpan.FromMilliseconds(50);
        var started = TimeProvider.System.GetTimestamp();

        await Publish(0, plan, cancellationToken);
        var seen = new HashSet<long>();
        while (!seen.Contains(plan.PageCount))
        {
            if (await Committed(0, cancellationToken) is { } committed)
            {
                seen.Add(committed);
            }
        }

        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        Scene.Crm.Release();
        TestContext.Out.WriteLine($"{seen.Count} commits of {plan.PageCount} pages in {seconds:0.0} s");
        Assert.That(seen, Has.Count.LessThanOrEqualTo(seconds + 1));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_backlog_is_worked_through_with_partitions_paused_and_resumed(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 200, pageSize: 1, cancellationToken);
        await Scene.StartReplica(cancellationToken, ("Kafka:PagesInWork", "2"));

        await Publish(0, plan, cancellationToken);

        await Scene.WaitForReports(plan, cancellationToken);
        await WaitForCommit(0, plan.PageCount, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(Scene.Reports.All, Has.Count.EqualTo(plan.PageCount), "each page once");
    }
}
