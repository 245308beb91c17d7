using CampaignSender.Sandbox.Stages;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_a_finished_page_is_delivered_again(BrokerKind broker) : SendingTest(broker)
{
    [Test, CancelAfter(30_000)]
    public async Task It_costs_no_request_to_the_CRM_and_reports_the_same_counts(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 100, pageSize: 100, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        var requests = Scene.Crm.RequestCount;

        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("skipped: already sent: 100 of 100 contacts", cancellationToken);
        await Scene.Reports.WaitForReceived(2, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Scene.Crm.RequestCount, Is.EqualTo(requests));
            Assert.That(Scene.Reports.All.Distinct().Count(), Is.EqualTo(1));
        }

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task It_costs_one_or_two_statements(CancellationToken cancellationToken)
    {
        const int Deliveries = 20;
        var plan = await Prepare(contacts: 100, pageSize: 100, cancellationToken);
        // Nothing but pages asks the database in the time that counts.
        await Scene.StartReplica(cancellationToken, ("Parking:PollInterval", "00:10:00"));
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        var before = await Scene.CountStatements(cancellationToken);

        for (var delivery = 0; delivery < Deliveries; delivery++)
        {
            await Scene.Publish(plan, cancellationToken);
        }

        await Scene.Reports.WaitForReceived(1 + Deliveries, cancellationToken);
        var statements = await Scene.CountStatements(cancellationToken) - before;

        Assert.That((double)statements / Deliveries, Is.InRange(1, 2));
    }
}
