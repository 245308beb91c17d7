using CampaignSender.Host.Claiming;
using CampaignSender.Host.Database;
using CampaignSender.Sandbox.Campaigns;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Claiming;

/// <summary>Contacts whose rows evo-flow deletes and inserts anew, because it packs their campaign again.</summary>
internal sealed class When_rows_were_deleted : ClaimingTest
{
    private const int Completed = 5;

    private readonly Guid _owner = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();

    [Test, CancelAfter(10_000)]
    public async Task Who_does_not_know_it_yet_cannot_claim_them(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 3, cancellationToken);
        await Record(
            _owner,
            (await Claim(plan.CampaignId, plan.ContactIds.Take(1), _owner, Live, cancellationToken)).Select(Sent),
            cancellationToken
        );
        await Claim(plan.CampaignId, plan.ContactIds.Skip(1).Take(1), _owner, Live, cancellationToken);
        await PackAgain(plan, cancellationToken);

        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _other, Live, cancellationToken);

        Assert.That(claimed.Select(row => row.ContactId), Is.EqualTo(plan.ContactIds.Skip(2)));
    }

    [Test, CancelAfter(10_000)]
    public async Task An_owner_that_was_at_work_records_what_became_of_them(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
        await PackAgain(plan, cancellationToken);
        Assert.That(await Restore(plan, cancellationToken), Is.EqualTo(1));

        Assert.That(
            await Claim(plan.CampaignId, plan.ContactIds, _other, Live, cancellationToken),
            Is.Empty,
            "it is still the owner's"
        );
        await Record(_owner, claimed.Select(Sent), cancellationToken);

        var row = (await Rows(plan.CampaignId, cancellationToken)).Single();
        Assert.That((row.Id, row.Status, row.CrmMessageId), Is.EqualTo((claimed[0].RowId, "SENT", "m-1")));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_they_had_become_is_forgotten_after_a_day(CancellationToken cancellationToken)
    {
        var old = await Insert(contacts: 3, cancellationToken);
        var young = await Insert(contacts: 2, cancellationToken);
        foreach (var plan in new[] { old, young })
        {
            await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
            await PackAgain(plan, cancellationToken);
            await Campaigns.SetStatus(plan.CampaignId, CampaignRows.Stopped, cancellationToken);
        }

        await Execute(
            "UPDATE campaign_sender_former_contacts SET deleted_at = deleted_at - interval '25 hours' WHERE campaign_id = @id",
            new { id = old.CampaignId },
            cancellationToken
        );

        Assert.That(await Claims.Forget(limit: 2, cancellationToken), Is.EqualTo(2));
        Assert.That(await Claims.Forget(limit: 2, cancellationToken), Is.EqualTo(1));
        Assert.That(await Claims.Forget(limit: 2, cancellationToken), Is.Zero);
        Assert.That(await Restore(young, cancellationToken), Is.EqualTo(2));
    }

    [TestCase(CampaignRows.Paused, 29, 0)]
    [TestCase(CampaignRows.Sending, 29, 0)]
    [TestCase(CampaignRows.Paused, 31, 2)]
    [TestCase(Completed, 29, 0)]
    [TestCase(Completed, 31, 2)]
    [TestCase(CampaignRows.Stopped, 2, 2)]
    [CancelAfter(10_000)]
    public async Task While_its_pages_may_wait_it_is_not_forgotten(
        int status,
        int days,
        int forgotten,
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
        await PackAgain(plan, cancellationToken);
        await Campaigns.SetStatus(plan.CampaignId, status, cancellationToken);
        await Age(plan, days, cancellationToken);

        await PackAgain(plan, cancellationToken);

        Assert.That(await Claims.Forget(limit: 10, cancellationToken), Is.EqualTo(forgotten));
    }

    [Test, CancelAfter(10_000)]
    public async Task Of_a_completed_campaign_whose_new_rows_have_their_verdict_it_is_forgotten(
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
        await PackAgain(plan, cancellationToken);
        await Campaigns.SetStatus(plan.CampaignId, Completed, cancellationToken);
        await Age(plan, days: 2, cancellationToken);
        await Execute(
            "UPDATE campaigns_contacts SET status = 'SENT' WHERE campaign_id = @id AND contact_id = @contactId",
            new { id = plan.CampaignId, contactId = plan.ContactIds[0] },
            cancellationToken
        );

        Assert.That(await Claims.Forget(limit: 10, cancellationToken), Is.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    public async Task Replicas_forget_them_by_and_by(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 3, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
        await PackAgain(plan, cancellationToken);
        await Execute(
            "UPDATE campaign_sender_former_contacts SET deleted_at = deleted_at - interval '31 days'",
            new { },
            cancellationToken
        );
        var time = new FakeTimeProvider();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton(Source)
            .AddSingleton<DatabaseReadiness>()
            .AddClaiming()
            .BuildServiceProvider();
        services.GetRequiredService<DatabaseReadiness>().SetMigrated();
        var purge = services.GetServices<IHostedService>().OfType<FormerContactsPurge>().Single();
        await purge.StartAsync(cancellationToken);

        while (await CountFormer(cancellationToken) > 0)
        {
            time.Advance(TimeSpan.FromHours(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }

        await purge.StopAsync(cancellationToken);
    }

    [Test, CancelAfter(10_000)]
    public async Task The_gravest_verdict_comes_back_and_once(CancellationToken cancellationToken)
    {
        var contact = Guid.NewGuid();
        var plan = await Insert([contact, contact, contact], cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
        var rows = await Rows(plan.CampaignId, cancellationToken);
        foreach (var (row, status) in rows.Zip(["FAILED", "SENT"]))
        {
            await Execute(
                "UPDATE campaigns_contacts SET status = @status::campaign_contact_status_enum WHERE id = @id",
                new { status, id = row.Id },
                cancellationToken
            );
        }

        await PackAgain(plan, cancellationToken);

        Assert.That(await Restore(plan, cancellationToken), Is.EqualTo(1));
        Assert.That(await Restore(plan, cancellationToken), Is.Zero);
        var restored = await Rows(plan.CampaignId, cancellationToken);
        Assert.That(restored.Select(row => row.Status), Is.EquivalentTo(["SENT", "PENDING", "PENDING"]));
        Assert.That(restored.Single(row => row.Status == "SENT").Id, Is.EqualTo(rows[1].Id));
    }

    [Test, CancelAfter(10_000)]
    public async Task Evo_flow_may_exchange_the_type_of_its_statuses_meanwhile(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
        await Record(_owner, claimed.Take(1).Select(Sent), cancellationToken);

        // As TypeORM does it.
        await Execute(
            """
            ALTER TYPE campaign_contact_status_enum RENAME TO campaign_contact_status_enum_old;
            CREATE TYPE campaign_contact_status_enum AS ENUM ('PENDING', 'SENT', 'FAILED', 'SKIPPED', 'DELIVERED');
            ALTER TABLE campaigns_contacts ALTER COLUMN status DROP DEFAULT;
            ALTER TABLE campaigns_contacts ALTER COLUMN status
                TYPE campaign_contact_status_enum USING status::text::campaign_contact_status_enum;
            ALTER TABLE campaigns_contacts ALTER COLUMN status SET DEFAULT 'PENDING';
            DROP TYPE campaign_contact_status_enum_old;
            """,
            new { },
            cancellationToken
        );
        await PackAgain(plan, cancellationToken);

        Assert.That(await Restore(plan, cancellationToken), Is.EqualTo(2));
        await Record(_owner, claimed.Skip(1).Select(Sent), cancellationToken);
        Assert.That((await Rows(plan.CampaignId, cancellationToken)).Select(row => row.Status), Is.All.EqualTo("SENT"));
    }

    [Test, CancelAfter(10_000)]
    public async Task It_is_noticed_whoever_deletes_them(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);

        // evo-flow's role need have no right to our tables.
        await Execute(
            """
            CREATE ROLE packer;
            GRANT SELECT, DELETE ON campaigns_contacts TO packer;
            SET ROLE packer;
            DELETE FROM campaigns_contacts;
            RESET ROLE;
            DROP OWNED BY packer;
            DROP ROLE packer
            """,
            new { },
            cancellationToken
        );
        await Campaigns.Fill(plan, cancellationToken);

        Assert.That(await Restore(plan, cancellationToken), Is.EqualTo(2));
    }

    private async Task<long> CountFormer(CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM campaign_sender_former_contacts");
    }

    private async Task PackAgain(CampaignPlan plan, CancellationToken cancellationToken)
    {
        await Campaigns.Empty(plan, cancellationToken);
        await Campaigns.Fill(plan, cancellationToken);
    }

    private Task<int> Restore(CampaignPlan plan, CancellationToken cancellationToken) =>
        Claims.Restore(plan.CampaignId, Packing, [.. plan.ContactIds], cancellationToken);

    /// <summary>So much time passes for what the campaign's contacts had become.</summary>
    private Task Age(CampaignPlan plan, int days, CancellationToken cancellationToken) =>
        Execute(
            "UPDATE campaign_sender_former_contacts SET deleted_at = deleted_at - make_interval(days => @days) WHERE campaign_id = @id",
            new { days, id = plan.CampaignId },
            cancellationToken
        );
}
