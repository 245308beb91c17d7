using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Stages;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_the_service_stops(BrokerKind broker) : SendingTest(broker)
{
    private const int Concurrency = 8;

    [Test, CancelAfter(60_000)]
    public async Task Posts_on_the_wire_are_finished_and_recorded_and_the_page_returns(
        CancellationToken cancellationToken
    )
    {
        var (plan, replica) = await HoldPosts(cancellationToken);

        var stopping = replica.Stop(cancellationToken);
        Scene.Crm.Release();
        await stopping;

        var counts = await Scene.Rows.Count(plan.CampaignId, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(counts.Sent, Is.EqualTo(Concurrency));
            Assert.That(Scene.MessagesByContact(plan), Has.Count.EqualTo(Concurrency));
            Assert.That(await Scene.CountClaims(cancellationToken), Is.Zero, "claims left");
            Assert.That(await Scene.Broker.CountWaitingPages(cancellationToken), Is.EqualTo(1));
            Assert.That(await Scene.Broker.CountDeadLetters(cancellationToken), Is.Zero);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Another_replica_finishes_the_page(CancellationToken cancellationToken)
    {
        var (plan, replica) = await HoldPosts(cancellationToken);
        var stopping = replica.Stop(cancellationToken);
        Scene.Crm.Release();
        await stopping;

        await Scene.StartReplica(cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_post_that_outlasts_the_drain_is_not_sent_again(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 20, pageSize: 20, cancellationToken);
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("Dispatch:Concurrency", $"{Concurrency}"),
            ("Shutdown:DrainTimeout", "00:00:00.500")
        );
        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(Concurrency, cancellationToken);

        await replica.Stop(cancellationToken);
        // A database that takes longer than the stop leaves them to run out.
        if (!SaysNotGivenBack(replica))
        {
            Assert.That(
                await Scene.CountClaims(cancellationToken),
                Is.EqualTo(Concurrency),
                "only who was posted stays claimed"
            );
        }

        // The CRM stores what it has received, long after the sender has gone.
        Scene.Crm.Release();
        await Scene.StartReplica(cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    private static bool SaysNotGivenBack(RunningReplica replica) =>
        replica.Log.All.Any(line => line.Text.Contains("were not given back", StringComparison.Ordinal));

    private async Task<(CampaignPlan Plan, RunningReplica Replica)> HoldPosts(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 100, pageSize: 100, cancellationToken);
        var replica = await Scene.StartPatientReplica(cancellationToken, ("Dispatch:Concurrency", $"{Concurrency}"));
        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(Concurrency, cancellationToken);
        return (plan, replica);
    }
}
