using CampaignSender.Contracts;
using CampaignSender.Host.Pacing;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Stages;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

internal sealed class When_too_many_contacts_fail() : FailingCampaignTest(BrokerKind.RabbitMq)
{
    [Test, CancelAfter(60_000)]
    public async Task All_replicas_together_see_it_and_learn_of_it(CancellationToken cancellationToken)
    {
        var plan = await PrepareBroken(cancellationToken);
        // Slow enough for the replicas to hear of each other, as with the standard limit of an inbox.
        Scene.Crm.Latency = TimeSpan.FromMilliseconds(200);
        // By itself a replica would look once in an hour: they learn from each other's counts.
        (string, string?)[] slow = [("Dispatch:Concurrency", "8"), ("Gate:StatusCacheTime", "01:00:00")];
        for (var replica = 0; replica < 3; replica++)
        {
            await Scene.StartReplica(cancellationToken, slow);
        }

        await Scene.Publish(plan, cancellationToken);

        await Scene.WaitForParked(plan, cancellationToken);
        Assert.That(Scene.Crm.PostCount, Is.LessThanOrEqualTo(MostPosts), "posts");
        Assert.That(await Scene.SafetyStops(plan, cancellationToken), Has.Count.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task It_goes_on_when_it_is_mended_and_resumed(CancellationToken cancellationToken)
    {
        var plan = await PrepareBroken(cancellationToken);
        await SendUntilPaused(plan, cancellationToken);

        foreach (var contactId in plan.ContactIds)
        {
            Scene.Crm.Set(SimulatedContact.Ordinary(contactId));
        }

        await Scene.Order(plan, ControlAction.Resume, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        var counts = await Scene.Rows.Count(plan.CampaignId, cancellationToken);
        Assert.That(counts.Pending, Is.Zero);
        Assert.That(counts.Failed, Is.LessThan(MostPosts));
        Assert.That(Scene.MessagesByContact(plan).Values, Is.All.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task It_is_not_paused_where_that_is_turned_off(CancellationToken cancellationToken)
    {
        var plan = await PrepareBroken(cancellationToken);

        await Scene.StartReplica(cancellationToken, ("Safety:SharePercent", "0"));
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        Assert.That(
            await Scene.Rows.Count(plan.CampaignId, cancellationToken),
            Is.EqualTo(new ContactCounts(Sent: 500, Failed: 500, Skipped: 0, Pending: 0))
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task It_is_not_paused_while_most_are_sent(CancellationToken cancellationToken)
    {
        var plan = await PrepareBroken(cancellationToken, everyOne: 10);

        await Scene.StartReplica(cancellationToken, ("Safety:MinFailures", "10"));
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        Assert.That(
            await Scene.Rows.Count(plan.CampaignId, cancellationToken),
            Is.EqualTo(new ContactCounts(Sent: 900, Failed: 100, Skipped: 0, Pending: 0))
        );
    }

    /// <summary>Too small a share of all requests to be taken for an outage: its inbox is a slow one.</summary>
    [Test, CancelAfter(60_000)]
    public async Task It_is_paused_where_its_messages_alone_end_in_errors_of_the_CRM(
        CancellationToken cancellationToken
    )
    {
        // In two pages, so that all are in work at once: else the broken one waits until most of the others are done.
        var well = await Prepare(contacts: 15_000, pageSize: 7_500, cancellationToken);
        var broken = await Prepare(contacts: 200, pageSize: 200, cancellationToken);
        foreach (var contactId in broken.ContactIds)
        {
            Scene.Crm.Fail(
                new FaultRule
                {
                    Kind = CrmRequestKind.Post,
                    ContactId = contactId,
                    Status = 500,
                }
            );
        }

        var replica = await Scene.StartReplica(
            cancellationToken,
            ("Dispatch:RetryCount", "0"),
            ("Safety:Window", "50"),
            ("Safety:MinFailures", "20")
        );
        await replica
            .Services.GetRequiredService<IInboxLimits>()
            .Set(broken.InboxId, capacity: 1, refillRate: 10, cancellationToken);
        Scene.Crm.Latency = TimeSpan.FromMilliseconds(20);
        await Scene.Publish(well, cancellationToken);
        await Scene.Crm.WaitForMessages(1_000, cancellationToken);
        await Scene.Publish(broken, cancellationToken);

        await replica.Log.WaitFor("is paused by the sender itself", cancellationToken);

        var reasons = await Scene.SafetyStops(broken, cancellationToken);
        Assert.That(reasons.Single(), Does.Contain("dispatch_exhausted_retries"));
    }
}
