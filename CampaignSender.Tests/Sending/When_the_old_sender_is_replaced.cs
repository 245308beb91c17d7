using CampaignSender.Sandbox.Campaigns;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>The scene is what the old sender leaves: its database, its exchanges, its queues.</summary>
internal sealed class When_the_old_sender_is_replaced() : SendingTest(isMigrated: false)
{
    private const string Columns = """
        SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public'
        """;

    private const string Indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'";

    private const string Constraints = """
        SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        """;

    [Test, CancelAfter(60_000)]
    public async Task Pages_that_it_left_in_its_queue_are_sent(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 100, pageSize: 25, cancellationToken);
        await Scene.Publish(plan, cancellationToken);

        await Scene.StartReplica(cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task Its_queue_and_exchanges_stay_as_they_are(CancellationToken cancellationToken)
    {
        await Scene.StartReplica(cancellationToken);

        // A declaration that differs from what exists is answered with PRECONDITION_FAILED.
        await Sandbox.Servers.OldSenderTopology.Declare((await SharedServers.RabbitMq()).Url, cancellationToken);
    }

    [TestCase(Columns)]
    [TestCase(Indexes)]
    [TestCase(Constraints)]
    [CancelAfter(60_000)]
    public async Task Its_tables_only_gain(string question, CancellationToken cancellationToken)
    {
        var before = await Ask(question, cancellationToken);

        await Scene.StartReplica(cancellationToken);

        var after = await Ask(question, cancellationToken);
        Assert.That(before, Is.SubsetOf(after));
        Assert.That(
            after.Except(before),
            Is.All.Contains("campaigns_contacts").Or.Contains("campaign_sender_").Or.Contains("schemaversions")
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task It_could_still_work_on_the_tables(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "UPDATE campaigns_contacts SET status = 'SENT', sent_at = now() WHERE contact_id = @contactId",
            new { contactId = plan.ContactIds[0] }
        );
        await connection.ExecuteAsync(
            "INSERT INTO campaigns_contacts (campaign_id, contact_id) VALUES (@campaignId, @contactId)",
            new { campaignId = plan.CampaignId, contactId = Guid.NewGuid() }
        );
        await connection.ExecuteAsync(
            "DELETE FROM campaigns WHERE id = @campaignId",
            new { campaignId = plan.CampaignId }
        );
        Assert.That(await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM campaigns_contacts"), Is.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task Rows_and_duplicate_rows_that_exist_stay_as_they_are(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(50);
        await Scene.Rows.Insert(
            new CampaignPlan { ContactIds = [.. contacts, .. contacts], SeedStatus = "FAILED" },
            cancellationToken
        );
        const string Rows = "SELECT id || ' ' || contact_id || ' ' || status FROM campaigns_contacts ORDER BY id";
        var before = await Ask(Rows, cancellationToken);

        await Scene.StartReplica(cancellationToken);
        await Scene.StartReplica(cancellationToken);

        Assert.That(await Ask(Rows, cancellationToken), Is.EqualTo(before));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_database_without_tables_gets_them(CancellationToken cancellationToken)
    {
        await using (var connection = await Scene.Source.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        }

        await Scene.StartReplica(cancellationToken);

        Assert.That(
            await Ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", cancellationToken),
            Is.SupersetOf(["campaigns", "campaigns_contacts", "campaigns_templates", "campaign_tracked_pages"])
        );
    }

    private async Task<IReadOnlyList<string>> Ask(string question, CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<string>(question)];
    }
}
