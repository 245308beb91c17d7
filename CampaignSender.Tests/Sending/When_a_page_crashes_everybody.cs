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
        await LeaveAttempts(plan, attempts: 3, pending: 10, cancellationToken);

        await Scene.Publish(plan, cancellationToken);

        var letter = await Scene.Broker.TakeDeadLetter(cancellationToken);
        Assert.That(letter.Body, Is.EqualTo(MessageWriter.Write(plan.Pages().Single())));
        Assert.That(letter.Headers[MessageHeaderNames.DeadLetterReason], Is.EqualTo("delivery_limit"));
        Assert.That(letter.Headers[MessageHeaderNames.DeliveryAttempt], Is.EqualTo("3"));
        Assert.That(Scene.Crm.RequestCount, Is.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task One_that_got_somewhere_in_between_starts_anew(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        await Scene.StartReplica(cancellationToken, ("Attempts:DeliveryLimit", "3"));
        await LeaveAttempts(plan, attempts: 3, pending: 11, cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
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

    private async Task LeaveAttempts(CampaignPlan plan, int attempts, int pending, CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                """
                INSERT INTO campaign_sender_page_attempts (campaign_id, page, body_hash, attempts, pending)
                VALUES (@campaignId, 1, @bodyHash, @attempts, @pending)
                """,
                new
                {
                    campaignId = plan.CampaignId,
                    bodyHash = SHA256.HashData(MessageWriter.Write(plan.Pages().Single())),
                    attempts,
                    pending,
                },
                cancellationToken: cancellationToken
            )
        );
    }
}
