using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Replicas;
using CampaignSender.Sandbox.Stages;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_a_page_can_never_be_sent(BrokerKind broker) : SendingTest(broker)
{
    [Test, CancelAfter(30_000)]
    public async Task An_unknown_campaign_is_dead_lettered(CancellationToken cancellationToken)
    {
        var plan = new CampaignPlan { ContactIds = CampaignPlan.NewContacts(3) };

        await AssertDeadLettered(plan, "unknown_campaign", cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_campaign_without_inbox_is_dead_lettered(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await using (var connection = await Scene.Source.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync("UPDATE campaigns SET inbox_id = NULL");
        }

        await AssertDeadLettered(plan, "no_inbox", cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task An_unknown_template_is_dead_lettered(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);

        await AssertDeadLettered(plan with { TemplateId = Guid.NewGuid() }, "unknown_template", cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_page_that_fails_unexpectedly_is_dead_lettered_after_its_tries(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken, ("Attempts:DeliveryLimit", "3"));
        await Execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON campaigns_contacts
            FOR EACH ROW EXECUTE FUNCTION refuse();
            """,
            cancellationToken
        );

        await Scene.Publish(plan, cancellationToken);

        var letter = await Scene.Broker.TakeDeadLetter(cancellationToken);
        var metrics = await Metrics.Scrape(replica.Http, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(letter.Headers[MessageHeaderNames.DeadLetterReason], Is.EqualTo("unexpected"));
            Assert.That(letter.Headers[MessageHeaderNames.DeliveryAttempt], Is.EqualTo("3"));
            Assert.That(metrics.Sum("campaign_sender_page_duration_seconds_count", "faulted"), Is.EqualTo(3), "tries");
        }

        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        Assert.That(
            await connection.ExecuteScalarAsync<int>("SELECT count(*)::int FROM campaign_sender_page_attempts"),
            Is.Zero,
            "an operator's replay starts anew"
        );
    }

    private async Task AssertDeadLettered(CampaignPlan plan, string reason, CancellationToken cancellationToken)
    {
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);

        var letter = await Scene.Broker.TakeDeadLetter(cancellationToken);
        var line = await replica.Log.WaitFor($"dead-lettered: {reason}", cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(letter.Body, Is.EqualTo(MessageWriter.Write(plan.Pages().Single())));
            Assert.That(letter.Headers[MessageHeaderNames.DeadLetterReason], Is.EqualTo(reason));
            Assert.That(line.Scope["correlationId"], Is.EqualTo(plan.CorrelationId));
            Assert.That(Scene.Crm.Messages(plan.CampaignId), Is.Empty);
        }
    }
}
