using CampaignSender.Host.Pacing;
using CampaignSender.Host.Parking;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Tests.Servers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

internal sealed class When_an_inbox_has_a_quota : SendingTest
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Test, CancelAfter(60_000)]
    public async Task No_more_goes_out_and_the_rest_follows_when_the_window_has_passed(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 120, pageSize: 40, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await SetQuota(replica, plan, messages: 50, cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        foreach (var sent in new[] { 50, 100 })
        {
            await WaitForUsedUp(plan, sent, cancellationToken);
            await PassOneDay(cancellationToken);
        }

        await WaitUntilAllAreSettled(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        await replica.Log.WaitFor("of the 50 messages that it may send in 24 h", cancellationToken);
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        Assert.That(
            await connection.ExecuteScalarAsync<int>("SELECT max(claim_attempts) FROM campaigns_contacts"),
            Is.EqualTo(1),
            "to wait is no try: who has tried often is the first to fail when the CRM does"
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task A_raised_quota_is_felt_at_once(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 30, pageSize: 10, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await SetQuota(replica, plan, messages: 5, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await WaitForUsedUp(plan, 5, cancellationToken);

        // As the command does it.
        await SetQuota(replica, plan, messages: 100, cancellationToken);
        await replica
            .Services.GetRequiredService<IParkedPages>()
            .Hasten(ParkingReason.QuotaUsedUp, campaignId: null, TimeSpan.FromSeconds(5), cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_page_that_comes_after_the_change_is_not_parked_for_the_old_one(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 20, pageSize: 10, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await SetQuota(replica, plan, messages: 5, cancellationToken);
        await Scene.Broker.Publish(plan.Pages().First(), cancellationToken);
        await Scene.WaitForParked(plan with { ContactIds = [.. plan.ContactIds.Take(10)] }, cancellationToken);

        await SetQuota(replica, plan, messages: 100, cancellationToken);
        await Scene.Broker.Publish(plan.Pages().Last(), cancellationToken);

        await Scene.Reports.WaitForPages(plan.CampaignId, 1, cancellationToken);
        Assert.That(Scene.Reports.First.Single().Page, Is.EqualTo(2));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_the_CRM_refuses_does_not_count(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 15, pageSize: 15, cancellationToken);
        foreach (var contactId in plan.ContactIds.Take(5))
        {
            Scene.Crm.Set(new SimulatedContact { Id = contactId });
        }

        var replica = await Scene.StartReplica(cancellationToken);
        // One too few, if those that are refused counted.
        await SetQuota(replica, plan, messages: 14, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        // The last ones may find nothing left until it is known that others were refused.
        await WaitUntilAllAreSettled(plan, cancellationToken);

        Assert.That(
            await Scene.Rows.Count(plan.CampaignId, cancellationToken),
            Is.EqualTo(new ContactCounts(Sent: 10, Failed: 5, Skipped: 0, Pending: 0))
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task What_may_have_been_sent_counts(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 15, pageSize: 15, cancellationToken);
        Scene.Crm.LoseAnswers(times: 5);
        // One after the other: the answer to each is lost before the next one goes out.
        var replica = await Scene.StartReplica(cancellationToken, ("Dispatch:Concurrency", "1"));
        await SetQuota(replica, plan, messages: 10, cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await Eventually.Holds(
            async () => await Scene.Rows.CountParked(cancellationToken) > 0 || Scene.Crm.PostCount > 10,
            cancellationToken
        );

        Assert.That(Scene.Crm.PostCount, Is.EqualTo(10), "posts");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_was_reserved_and_not_sent_is_given_back(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 7, pageSize: 7, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await SetQuota(replica, plan, messages: 1_000, cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        var quotas = Quotas(replica);
        await Eventually.Holds(
            async () => (await quotas.Read(plan.InboxId, cancellationToken))!.Used == 7,
            cancellationToken
        );
    }

    private static IInboxQuotas Quotas(RunningReplica replica) => replica.Services.GetRequiredService<IInboxQuotas>();

    private static Task SetQuota(
        RunningReplica replica,
        CampaignPlan plan,
        int messages,
        CancellationToken cancellationToken
    ) => Quotas(replica).Set(plan.InboxId, messages, Day, cancellationToken);

    private async Task WaitForUsedUp(CampaignPlan plan, int sent, CancellationToken cancellationToken)
    {
        // What a contact had reserved that its page left behind is used by a page that comes back.
        while ((await Scene.Rows.Count(plan.CampaignId, cancellationToken)).Sent < sent)
        {
            await PassParking(cancellationToken);
        }

        // Time for one too many.
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken);
        Assert.That(Scene.Crm.PostCount, Is.EqualTo(sent), "posts");
    }

    private async Task WaitUntilAllAreSettled(CampaignPlan plan, CancellationToken cancellationToken)
    {
        while ((await Scene.Rows.Count(plan.CampaignId, cancellationToken)).Pending > 0)
        {
            await PassParking(cancellationToken);
        }
    }

    private async Task PassParking(CancellationToken cancellationToken)
    {
        await Scene.AdvanceParked(Day, cancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
    }

    private async Task PassOneDay(CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "UPDATE campaign_sender_quota_slots SET ends_at = ends_at - @passed",
            new { passed = Day + TimeSpan.FromHours(1) }
        );
    }
}
