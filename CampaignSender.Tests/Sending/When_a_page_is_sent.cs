using CampaignSender.Contracts;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Stages;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_a_page_is_sent(BrokerKind broker) : SendingTest(broker)
{
    [Test, CancelAfter(30_000)]
    public async Task Every_contact_gets_one_message_and_is_SENT(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 250, pageSize: 100, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task Who_has_an_address_in_the_inbox_is_written_to_there(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 2, pageSize: 2, cancellationToken);
        var known = SimulatedContact.Ordinary(plan.ContactIds[0]) with
        {
            SourceIds = new Dictionary<Guid, string> { [Guid.NewGuid()] = "551", [plan.InboxId] = "552" },
        };
        Scene.Crm.Set(known);

        await Send(plan, cancellationToken);

        Assert.That(
            Scene.Crm.Messages(plan.CampaignId).ToDictionary(message => message.ContactId, message => message.SourceId),
            Is.EqualTo(new Dictionary<Guid, string?> { [plan.ContactIds[0]] = "552", [plan.ContactIds[1]] = null })
        );
    }

    [Test, CancelAfter(30_000)]
    public async Task A_page_that_is_alone_uses_every_slot(CancellationToken cancellationToken)
    {
        const int Concurrency = 8;
        var plan = await Prepare(contacts: 20, pageSize: 20, cancellationToken);
        await Scene.StartPatientReplica(
            cancellationToken,
            ("Dispatch:Concurrency", $"{Concurrency}"),
            ("Claim:ChunkSize", "2")
        );
        Scene.Crm.Hold();

        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(Concurrency, cancellationToken);

        Scene.Crm.Release();
        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task The_tracker_hears_the_counts_of_each_page(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 250, pageSize: 100, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        Assert.That(
            Scene.Reports.First.OrderBy(report => report.Page),
            Is.EqualTo(
                plan.Pages()
                    .Select(page => new CampaignsTracked
                    {
                        CampaignId = plan.CampaignId,
                        Page = page.Page,
                        SentCount = page.ContactIds.Count,
                        FailedCount = 0,
                        Completed = page.Page == page.TotalPages,
                        CorrelationId = plan.CorrelationId,
                    })
            )
        );
    }

    [Test, CancelAfter(30_000)]
    public async Task The_row_says_when_and_as_which_message_and_is_no_longer_claimed(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleAsync(
            "SELECT id, sent_at, crm_message_id, claim_id, failure_code, now() AT TIME ZONE 'UTC' AS now FROM campaigns_contacts"
        );
        var message = Scene.Crm.Messages(plan.CampaignId).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((DateTime)row.now - (DateTime)row.sent_at, Is.InRange(TimeSpan.Zero, TimeSpan.FromMinutes(1)));
            Assert.That((string)row.crm_message_id, Is.Not.Empty);
            Assert.That((object?)row.claim_id, Is.Null);
            Assert.That((object?)row.failure_code, Is.Null);
            Assert.That(message.DispatchKey, Is.EqualTo(((Guid)row.id).ToString()));
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task Each_line_about_the_page_carries_the_payloads_correlation_id(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);

        await Scene.Publish(plan, cancellationToken);

        var processed = await replica.Log.WaitFor("campaign.batch.processed", cancellationToken);
        var tracked = await replica.Log.WaitFor("campaign.tracked.published", cancellationToken);
        Assert.That(
            new[] { processed, tracked }.Select(line => line.Scope["correlationId"]),
            Is.All.EqualTo(plan.CorrelationId)
        );
    }

    [Test, CancelAfter(30_000)]
    public async Task Only_pending_contacts_are_looked_up(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 20, pageSize: 20, cancellationToken);
        await using (var connection = await Scene.Source.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync(
                "UPDATE campaigns_contacts SET status = 'SENT' WHERE contact_id = ANY(@settled)",
                new { settled = plan.ContactIds.Take(15).ToArray() }
            );
        }

        await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Scene.Crm.ContactRequests, Is.EqualTo(5));
            Assert.That(Scene.MessagesByContact(plan).Keys, Is.EquivalentTo(plan.ContactIds.Skip(15)));
            Assert.That(Scene.Reports.First.Single().SentCount, Is.EqualTo(20));
        }
    }
}
