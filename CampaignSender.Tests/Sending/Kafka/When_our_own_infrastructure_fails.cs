using CampaignSender.Contracts;
using CampaignSender.Sandbox.Servers;
using Confluent.Kafka;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending.Kafka;

internal sealed class When_our_own_infrastructure_fails : KafkaTest
{
    [Test, CancelAfter(60_000)]
    public async Task The_partition_waits_and_others_go_on(CancellationToken cancellationToken)
    {
        var failing = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var behind = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var elsewhere = await Prepare(contacts: 10, pageSize: 1, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken, ("Kafka:PagesInWork", "1"));
        await FailUpdates([failing.ContactIds[0]], cancellationToken);

        await Publish(0, failing, cancellationToken);
        await replica.Log.WaitFor("campaigns.send [[0]] @0 and its partition wait 1 s", cancellationToken);
        await Publish(0, behind, cancellationToken);
        await Publish(1, elsewhere, cancellationToken);
        await Scene.WaitForReports(elsewhere, cancellationToken);
        await replica.Log.WaitFor("campaigns.send [[0]] @0 and its partition wait 2 s", cancellationToken);
        var reason = await WaitForReadiness(replica, isReady: false, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reason, Does.Contain("\"broker\":").And.Contain(Topics.Send));
            Assert.That(Scene.MessagesByContact(behind), Is.Empty);
            Assert.That(await Committed(0, cancellationToken), Is.Null.Or.Zero);
        }

        await HealUpdates(cancellationToken);
        await Scene.WaitForReports(failing, cancellationToken);
        await Scene.WaitForReports(behind, cancellationToken);
        await WaitForCommit(0, 2, cancellationToken);
        await WaitForReadiness(replica, isReady: true, cancellationToken);
        Assert.That(await Scene.Broker.CountDeadLetters(cancellationToken), Is.Zero);
        await Scene.AssertEverybodyGotOne(failing, cancellationToken);
        await Scene.AssertEverybodyGotOne(behind, cancellationToken);
    }

    [Test, CancelAfter(90_000)]
    public async Task A_message_that_cannot_be_dead_lettered_is_not_skipped(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Publish(0, "{ oops"u8.ToArray(), cancellationToken);
        await Publish(0, plan, cancellationToken);
        // More refusals than the replica meets in this time.
        Faults.FailNext(KafkaRequest.Produce, [.. Enumerable.Repeat(ErrorCode.PolicyViolation, 100)]);
        var replica = await Scene.StartReplica(cancellationToken, ("Kafka:PagesInWork", "1"));
        await replica.Log.WaitFor("campaigns.send [[0]] @0 and its partition wait 2 s", cancellationToken);
        await replica.Log.WaitFor("cannot be dead-lettered to campaigns.send.dlq", cancellationToken);
        await WaitForReadiness(replica, isReady: false, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Scene.Reports.All, Is.Empty);
            Assert.That(await Committed(0, cancellationToken), Is.Null.Or.Zero);
        }

        Faults.Clear(KafkaRequest.Produce);
        var letter = await Scene.Broker.TakeDeadLetter(cancellationToken);
        Assert.That(letter.Body, Is.EqualTo("{ oops"u8.ToArray()));

        await Scene.WaitForReports(plan, cancellationToken);
        await WaitForCommit(0, 2, cancellationToken);
        await WaitForReadiness(replica, isReady: true, cancellationToken);
        Assert.That(await Scene.Broker.CountDeadLetters(cancellationToken), Is.Zero, "it is there once");
    }

    private Task HealUpdates(CancellationToken cancellationToken) =>
        Execute("DROP TRIGGER refuse ON campaigns_contacts", cancellationToken);
}
