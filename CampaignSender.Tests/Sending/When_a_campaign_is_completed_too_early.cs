using CampaignSender.Contracts;
using CampaignSender.Host.Parking;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Stages;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>evo-flow's tracker takes a campaign for done whose pages are still on their way.</summary>
[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_a_campaign_is_completed_too_early(BrokerKind broker) : SendingTest(broker)
{
    private const int Completed = 5;

    private static readonly (string, string?) NoMemory = ("Gate:StatusCacheTime", "00:00:00");

    [Test, CancelAfter(60_000)]
    public async Task Its_pages_are_kept_and_go_out_when_an_operator_lets_them(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 6, pageSize: 2, cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, Completed, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken, NoMemory);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await ParkedFor(cancellationToken), Is.EqualTo(Enumerable.Repeat("campaign_completed", 3)));
            Assert.That(Redrives(replica), Is.Zero, "published again while it is completed");
            Assert.That(Scene.Reports.All, Is.Empty, "reports of pages that are not finished");
            Assert.That(Scene.Crm.RequestCount, Is.Zero);
        }

        await replica.Log.WaitFor("aborted: campaign completed", cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Sending, cancellationToken);
        await replica
            .Services.GetRequiredService<IParkedPages>()
            .Redrive(new ParkedSelection { CampaignId = plan.CampaignId }, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task One_that_waited_for_something_else_waits_for_that_now(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 4, pageSize: 4, cancellationToken);
        await Scene.Order(plan, ControlAction.Pause, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken, NoMemory);
        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("is parked: campaign_not_sending", cancellationToken);

        await Scene.Rows.SetStatus(plan.CampaignId, Completed, cancellationToken);
        await replica.Log.WaitFor("is parked: campaign_completed", cancellationToken);

        Assert.That(await ParkedFor(cancellationToken), Is.EqualTo(["campaign_completed"]));
        Assert.That((await Scene.Rows.Count(plan.CampaignId, cancellationToken)).Pending, Is.EqualTo(4));
    }

    [Test, CancelAfter(60_000)]
    public async Task One_in_work_is_kept_with_what_is_left_of_it(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 400, pageSize: 400, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken, NoMemory, ("Dispatch:Concurrency", "4"));
        Scene.Crm.Latency = TimeSpan.FromMilliseconds(200);
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForMessages(20, cancellationToken);

        await Scene.Rows.SetStatus(plan.CampaignId, Completed, cancellationToken);
        await replica.Log.WaitFor("is parked: campaign_completed", cancellationToken);

        var counts = await Scene.Rows.Count(plan.CampaignId, cancellationToken);
        Assert.That(counts.Sent, Is.EqualTo(Scene.MessagesByContact(plan).Count));
        Assert.That(counts.Sent + counts.Pending, Is.EqualTo(400));
        Assert.That(counts.Pending, Is.Positive);
        Assert.That(await Scene.CountClaims(cancellationToken), Is.Zero, "claims left");
    }

    [Test, CancelAfter(90_000)]
    public async Task A_page_that_has_nobody_pending_is_reported_as_ever(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken, NoMemory);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, Completed, cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("skipped: already sent: 3 of 3", cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);

        Assert.That(await Scene.Rows.CountParked(cancellationToken), Is.Zero);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    private async Task<IEnumerable<string>> ParkedFor(CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<string>("SELECT reason FROM campaign_sender_parked_pages");
    }

    private static int Redrives(RunningReplica replica) =>
        replica.Log.All.Count(line => line.Text.Contains("is published again", StringComparison.Ordinal));
}
