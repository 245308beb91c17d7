using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Stages;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_a_campaign_is_stopped(BrokerKind broker) : SendingTest(broker)
{
    [Test, CancelAfter(60_000)]
    public async Task The_page_ends_and_the_rest_stays_pending(CancellationToken cancellationToken)
    {
        const int Concurrency = 8;
        var plan = await Prepare(contacts: 300, pageSize: 300, cancellationToken);
        var replica = await Scene.StartPatientReplica(cancellationToken, ("Dispatch:Concurrency", $"{Concurrency}"));
        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(Concurrency, cancellationToken);

        await Scene.Order(plan, ControlAction.Stop, cancellationToken);
        await replica.Log.WaitFor("campaign.control received", cancellationToken);
        Scene.Crm.Release();
        await replica.Log.WaitFor("aborted: campaign stopped", cancellationToken);

        var counts = await Scene.Rows.Count(plan.CampaignId, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(counts.Sent, Is.EqualTo(Concurrency));
            Assert.That(counts.Pending, Is.EqualTo(plan.ContactIds.Count - Concurrency));
            Assert.That(await Scene.Rows.CountParked(cancellationToken), Is.Zero);
            Assert.That(Scene.Reports.All, Is.Empty);
        }
    }

    // evo-flow publishes the message before its transaction is visible, and that may come to nothing.
    [Test, CancelAfter(90_000)]
    public async Task A_message_alone_ends_no_page(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 20, pageSize: 20, cancellationToken);
        // So long the message holds, and the page has to come meanwhile.
        var replica = await Scene.StartReplica(cancellationToken, ("Gate:StatusCacheTime", "00:00:15"));
        await Scene.Broker.Publish(plan.CampaignId, ControlAction.Stop, cancellationToken);
        await replica.Log.WaitFor("campaign.control received", cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("is parked: campaign_not_sending", cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [TestCase("UPDATE campaigns SET status = 4", TestName = "Its_parked_pages_end_with_a_stop")]
    [TestCase("UPDATE campaigns SET deleted_at = now()", TestName = "Its_parked_pages_end_with_its_deletion")]
    [TestCase("DELETE FROM campaigns", TestName = "Its_parked_pages_end_with_its_row")]
    [CancelAfter(60_000)]
    public async Task Parked_pages_end(string statement, CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        await Scene.Order(plan, ControlAction.Pause, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("is parked: campaign_not_sending", cancellationToken);

        await using (var connection = await Scene.Source.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync(statement);
        }

        await replica.Log.WaitFor("ends with its campaign", cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);
        Assert.That(Scene.Crm.RequestCount, Is.Zero);
    }
}
