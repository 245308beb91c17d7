using System.Security.Cryptography;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Stages;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>Crashes are told by what they leave: attempts that were begun and never came to an end.</summary>
[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_a_page_crashes_everybody(BrokerKind broker) : SendingTest(broker)
{
    [Test, CancelAfter(60_000)]
    public async Task It_is_dead_lettered_at_the_delivery_limit(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        await Scene.StartReplica(cancellationToken, ("Attempts:DeliveryLimit", "3"));
        await LeaveAttempts(plan, attempts: 3, blame: 3, pending: 10, cancellationToken);

        await Scene.Publish(plan, cancellationToken);

        var letter = await Scene.Broker.TakeDeadLetter(cancellationToken);
        Assert.That(letter.Body, Is.EqualTo(MessageWriter.Write(plan.Pages().Single())));
        Assert.That(letter.Headers[MessageHeaderNames.DeadLetterReason], Is.EqualTo("delivery_limit"));
        Assert.That(letter.Headers[MessageHeaderNames.DeliveryAttempt], Is.EqualTo("3"));
        Assert.That(Scene.Crm.RequestCount, Is.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_dead_lettered_starts_anew_and_shares_no_further_blame(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        await Scene.StartPatientReplica(cancellationToken, ("Attempts:DeliveryLimit", "3"));
        await LeaveAttempts(plan, attempts: 3, blame: 3, pending: 10, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.Broker.TakeDeadLetter(cancellationToken);
        Assert.That(await Blame(), Is.Empty);

        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(1, cancellationToken);

        Assert.That((await Blame()).Single(), Is.EqualTo(1));
        Scene.Crm.Release();
    }

    [Test, CancelAfter(60_000)]
    public async Task One_that_got_somewhere_in_between_starts_anew(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        await Scene.StartReplica(cancellationToken, ("Attempts:DeliveryLimit", "3"));
        await LeaveAttempts(plan, attempts: 3, blame: 3, pending: 11, cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task One_that_others_were_in_work_with_is_tried_again(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        await Scene.StartReplica(cancellationToken, ("Attempts:DeliveryLimit", "3"));
        await LeaveAttempts(plan, attempts: 5, blame: 1.25, pending: 10, cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(await Scene.Broker.CountDeadLetters(cancellationToken), Is.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task Deliveries_beside_one_that_may_be_at_work_are_no_crashes(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        await Scene.StartReplica(cancellationToken, ("Attempts:DeliveryLimit", "3"));
        await LeaveAttempts(plan, attempts: 3, blame: 3, pending: 10, cancellationToken, age: 5);

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_database_whose_disk_is_full_is_nobodys_blame(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        await FailUpdates(plan.ContactIds, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);

        await replica.Log.WaitFor("our own infrastructure fails", cancellationToken);
        await replica.Stop(cancellationToken);

        Assert.That(await Blame(), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task Pages_in_work_side_by_side_share_the_blame(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 1, cancellationToken);
        await Scene.StartPatientReplica(cancellationToken);
        Scene.Crm.Hold();

        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(3, cancellationToken);

        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        var blame = await connection.QueryAsync<double>(
            "SELECT blame FROM campaign_sender_page_attempts ORDER BY blame DESC"
        );
        Scene.Crm.Release();
        Assert.That(blame, Is.EqualTo(new[] { 1, 1 / 2.0, 1 / 3.0 }));
    }

    [Test, CancelAfter(60_000)]
    public async Task One_that_ends_in_order_leaves_nothing_behind(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await replica.Stop(cancellationToken);

        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        Assert.That(
            await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM campaign_sender_page_attempts"),
            Is.Zero
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task A_stop_in_the_middle_is_no_crash(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken, ("Shutdown:DrainTimeout", "00:00:00.500"));
        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(1, cancellationToken);
        Assert.That(await Blame(), Is.Not.Empty);

        await replica.Stop(cancellationToken);

        Assert.That(await Blame(), Is.Empty);
        Scene.Crm.Release();
    }

    private async Task<IEnumerable<double>> Blame()
    {
        await using var connection = await Scene.Source.OpenConnectionAsync();
        return await connection.QueryAsync<double>("SELECT blame FROM campaign_sender_page_attempts");
    }

    private async Task LeaveAttempts(
        CampaignPlan plan,
        int attempts,
        double blame,
        int pending,
        CancellationToken cancellationToken,
        int age = 60
    )
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                """
                INSERT INTO campaign_sender_page_attempts
                    (campaign_id, page, body_hash, attempts, blame, pending, begun_at)
                VALUES (@campaignId, 1, @bodyHash, @attempts, @blame, @pending, now() - @age)
                """,
                new
                {
                    campaignId = plan.CampaignId,
                    bodyHash = SHA256.HashData(MessageWriter.Write(plan.Pages().Single())),
                    attempts,
                    blame,
                    pending,
                    age = TimeSpan.FromSeconds(age),
                },
                cancellationToken: cancellationToken
            )
        );
    }
}
