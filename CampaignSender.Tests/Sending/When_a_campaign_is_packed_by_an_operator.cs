using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Commands;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Packing;
using CampaignSender.Host.Parking;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Tests.Servers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>The commands that make pages, beside a replica that runs, with the services that they have.</summary>
internal sealed class When_a_campaign_is_packed_by_an_operator : SendingTest
{
    private const int Completed = 5;

    private static readonly Guid Seeded = new("00000000-0000-4000-8000-000000000001");

    private static readonly (string, string?) ShortMemory = ("Gate:StatusCacheTime", "00:00:00.100");

    private ServiceProvider _services = null!;

    [SetUp]
    public void GiveTheCommandsTheirServices() =>
        _services = Scene.CommandServices(
            (services, configuration) => services.AddPackCommand(configuration).AddParkedPages(),
            ShortMemory
        );

    [TearDown]
    public ValueTask TakeThemAway() => _services.DisposeAsync();

    [Test]
    public void Its_pages_wait_under_the_name_that_metrics_show() =>
        Assert.That(ParkingReasonNames.All, Has.Member("packed"));

    [Test, CancelAfter(60_000)]
    public async Task Contacts_whose_pages_are_lost_get_their_message(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        var trial = await Pack(plan, cancellationToken, isTrial: true, pageSize: 2);
        Assert.That((trial.Contacts, trial.Pages, trial.FirstPage), Is.EqualTo((5, 3, 2)));
        Assert.That(await Scene.Rows.CountParked(cancellationToken), Is.Zero);

        var packed = await Pack(plan, cancellationToken, pageSize: 2);
        await Scene.Reports.WaitForPages(plan.CampaignId, 3, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        var reports = Scene.Reports.First.OrderBy(report => report.Page).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(packed with { CorrelationId = null }, Is.EqualTo(trial));
            Assert.That(reports.Select(report => report.Page), Is.EqualTo([2, 3, 4]), "numbered on");
            Assert.That(reports.Select(report => report.Completed), Is.EqualTo([false, false, true]));
            Assert.That(reports.Select(report => report.CorrelationId), Is.All.EqualTo(packed.CorrelationId));
        }

        Assert.That((await Pack(plan, cancellationToken)).Contacts, Is.Zero, "nobody is left");
    }

    /// <summary>evo-flow has counted page numbers of an earlier execution; the pages that still wait are kept.</summary>
    [Test, CancelAfter(60_000)]
    public async Task A_campaign_that_was_completed_too_early_gets_to_its_end(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 6, pageSize: 2, cancellationToken);
        await Scene.StartReplica(cancellationToken, ("Gate:StatusCacheTime", "00:00:00"));
        await Scene.Broker.Publish(plan.Pages().First(), cancellationToken);
        await Scene.Reports.WaitForPages(plan.CampaignId, 1, cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, Completed, cancellationToken);
        foreach (var page in plan.Pages().Skip(1))
        {
            await Scene.Broker.Publish(page, cancellationToken);
        }

        await Scene.WaitForParked(plan with { ContactIds = [.. plan.ContactIds.Skip(2)] }, cancellationToken);

        var packed = await Pack(plan, cancellationToken, pageSize: 2);
        Assert.That((packed.Contacts, packed.FirstPage, packed.IsReopened), Is.EqualTo((4, 4, true)));
        await Scene.Reports.WaitForPages(plan.CampaignId, 5, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(Scene.Crm.PostCount, Is.EqualTo(6), "none a second time");
        Assert.That(
            Scene.Reports.First.OrderBy(report => report.Page).Select(report => (report.Page, report.Completed)),
            Is.EqualTo([(1, false), (2, false), (3, true), (4, false), (5, true)])
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task Those_who_failed_are_sent_again_and_nobody_else(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 6, pageSize: 6, cancellationToken);
        Scene.Crm.BlockContact(plan.ContactIds[0]);
        Scene.Crm.RemoveContact(plan.ContactIds[1]);
        Scene.Crm.RemoveContact(plan.ContactIds[2]);
        await Scene.StartReplica(cancellationToken, ShortMemory);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, Completed, cancellationToken);
        Scene.Crm.Set(SimulatedContact.Ordinary(plan.ContactIds[1]));
        Scene.Crm.Set(SimulatedContact.Ordinary(plan.ContactIds[2]));

        Assert.That((await Retry(plan, cancellationToken, "dispatch_4xx")).Contacts, Is.Zero, "for another reason");
        var trial = await Retry(plan, ["contact_not_found"], isTrial: true, cancellationToken);
        Assert.That((trial.Contacts, trial.IsReopened), Is.EqualTo((2, false)));
        Assert.That((await Scene.Rows.Count(plan.CampaignId, cancellationToken)).Failed, Is.EqualTo(2));

        var retried = await Retry(plan, cancellationToken);
        Assert.That((retried.Contacts, retried.FirstPage, retried.IsReopened), Is.EqualTo((2, 2, true)));
        await Scene.Reports.WaitForPages(plan.CampaignId, 2, cancellationToken);

        var counts = await Scene.Rows.Count(plan.CampaignId, cancellationToken);
        var messages = Scene.MessagesByContact(plan);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((counts.Sent, counts.Failed, counts.Skipped, counts.Pending), Is.EqualTo((5, 0, 1, 0)));
            Assert.That(messages.Keys, Is.EquivalentTo(plan.ContactIds.Skip(1)));
            Assert.That(messages.Values, Is.All.EqualTo(1));
            Assert.That(Scene.Reports.First.Single(report => report.Page == 2).Completed, Is.True);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Whoever_may_have_got_it_is_asked_for_in_the_CRM_first(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await Execute(
            "UPDATE campaigns_contacts SET status = 'FAILED', failure_code = 'outcome_unknown'",
            cancellationToken
        );

        Assert.That((await Retry(plan, cancellationToken)).Contacts, Is.EqualTo(3));
        await Scene.Reports.WaitForPages(plan.CampaignId, 2, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(Scene.Crm.PostCount, Is.EqualTo(3), "none a second time");
    }

    [Test, CancelAfter(60_000)]
    public async Task Nor_is_one_sent_again_unasked_that_could_not_be_found_meanwhile(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        // As an owner leaves them that dies between message and outcome.
        await Execute(
            """
            UPDATE campaigns_contacts
            SET status = 'PENDING', claim_id = gen_random_uuid(), claim_expires_at = now() - interval '1 minute'
            """,
            cancellationToken
        );
        foreach (var contactId in plan.ContactIds)
        {
            Scene.Crm.RemoveContact(contactId);
        }

        await Scene.Publish(plan, cancellationToken);
        await Scene.Reports.WaitForReceived(2, cancellationToken);
        Assert.That(Scene.Reports.All.Last().FailedCount, Is.EqualTo(3));
        foreach (var contactId in plan.ContactIds)
        {
            Scene.Crm.Set(SimulatedContact.Ordinary(contactId));
        }

        Assert.That((await Retry(plan, cancellationToken, "contact_not_found")).Contacts, Is.EqualTo(3));
        await Scene.Reports.WaitForPages(plan.CampaignId, 2, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(Scene.Crm.PostCount, Is.EqualTo(3), "none a second time");
    }

    [Test, CancelAfter(60_000)]
    public async Task They_stay_as_they_are_where_their_pages_cannot_be_made(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Execute(
            """
            UPDATE campaigns_contacts SET status = 'FAILED', failure_code = 'dispatch_4xx';
            ALTER TABLE campaign_sender_parked_pages ADD CONSTRAINT refuse CHECK (reason <> 'packed') NOT VALID;
            """,
            cancellationToken
        );

        await Assert.ThatAsync(() => Retry(plan, cancellationToken), Throws.InstanceOf<PostgresException>());

        Assert.That((await Scene.Rows.Count(plan.CampaignId, cancellationToken)).Failed, Is.EqualTo(3));
    }

    [Test, CancelAfter(60_000)]
    public async Task Failures_of_the_old_sender_are_tried_again_only_by_name(CancellationToken cancellationToken)
    {
        var plan = await Scene.Prepare(
            new CampaignPlan { ContactIds = CampaignPlan.NewContacts(3), SeedStatus = "FAILED" },
            cancellationToken
        );

        Assert.That((await Retry(plan, cancellationToken)).Contacts, Is.Zero);
        Assert.That((await Retry(plan, cancellationToken, PackOrder.Unrecorded)).Contacts, Is.EqualTo(3));
    }

    [Test, CancelAfter(60_000)]
    public async Task Those_the_old_sender_may_have_posted_to_are_asked_for_in_the_CRM_first(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await Execute("UPDATE campaigns_contacts SET status = 'FAILED', failure_code = NULL", cancellationToken);

        Assert.That((await Retry(plan, cancellationToken, PackOrder.Unrecorded)).Contacts, Is.EqualTo(3));
        await Scene.Reports.WaitForPages(plan.CampaignId, 2, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(Scene.Crm.PostCount, Is.EqualTo(3), "none a second time");
    }

    /// <summary>A standby has taken over that lacks the last commits: claims, outcomes and parked pages.</summary>
    [Test, CancelAfter(60_000)]
    public async Task What_the_database_has_forgotten_the_CRM_is_asked_first(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan with { ContactIds = [.. plan.ContactIds.Take(3)] }, cancellationToken);
        await Scene.Reports.WaitForPages(plan.CampaignId, 1, cancellationToken);
        await Execute(
            """
            UPDATE campaigns_contacts
            SET status = 'PENDING', sent_at = NULL, settled_at = NULL, crm_message_id = NULL, claim_attempts = 0,
                claim_correlation_id = NULL
            """,
            cancellationToken
        );

        Assert.That((await Pack(plan, cancellationToken, asksFirst: true)).Contacts, Is.EqualTo(5));
        await Scene.Reports.WaitForPages(plan.CampaignId, 2, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(Scene.Crm.PostCount, Is.EqualTo(5), "none a second time");
    }

    /// <summary>Of a million contacts that takes minutes.</summary>
    [Test, CancelAfter(60_000)]
    public async Task It_can_be_paused_while_its_contacts_are_put_in_doubt(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("SELECT FROM campaigns_contacts LIMIT 1 FOR UPDATE", transaction: transaction);
        var packing = Pack(plan, cancellationToken, asksFirst: true);
        await Eventually.Blocks(connection, cancellationToken);

        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);

        await transaction.CommitAsync(cancellationToken);
        Assert.That((await packing).Contacts, Is.EqualTo(5));
    }

    /// <summary>Two pages of one number are one for evo-flow, which would complete the campaign too early or never.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Pages_are_numbered_on_from_those_that_wait(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 4, pageSize: 4, cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);
        Assert.That((await Pack(plan, cancellationToken, pageSize: 2)).FirstPage, Is.EqualTo(2));

        // evo-flow counts those of its own packer.
        await Execute("UPDATE campaigns SET total_pages = 1", cancellationToken);

        Assert.That((await Pack(plan, cancellationToken, pageSize: 2)).FirstPage, Is.EqualTo(4));
    }

    [Test, CancelAfter(60_000)]
    public async Task Two_that_pack_at_once_number_their_pages_one_after_the_other(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 2, pageSize: 2, cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);

        var packed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Pack(plan, cancellationToken)));

        Assert.That(packed.Select(each => each.FirstPage), Is.EquivalentTo(Enumerable.Range(2, 8)));
    }

    /// <summary>A replica that still takes it for completed would end them.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Pages_of_one_that_is_reopened_wait_until_all_replicas_know(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 2, pageSize: 2, cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, Completed, cancellationToken);

        Assert.That((await Pack(plan, cancellationToken)).IsReopened);

        var page = (
            await _services.GetRequiredService<IParkedPages>().List(new ParkedSelection(), 10, cancellationToken)
        ).Single();
        Assert.That(page.RedriveAt - page.ParkedAt, Is.GreaterThan(TimeSpan.FromSeconds(0.1)));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_deleted_campaign_is_not_packed(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Execute("UPDATE campaigns SET deleted_at = now()", cancellationToken);

        Assert.That((await Pack(plan, cancellationToken)).Refusal, Is.EqualTo(PackRefusal.Status));
        Assert.That(await Scene.Rows.CountParked(cancellationToken), Is.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task All_rows_of_a_contact_become_pending_with_it(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(2);
        var plan = await Scene.Prepare(new CampaignPlan { ContactIds = [.. contacts, .. contacts] }, cancellationToken);
        Scene.Crm.RemoveContact(contacts[0]);
        await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan with { ContactIds = contacts }, cancellationToken);
        await Scene.WaitForReports(plan with { ContactIds = contacts }, cancellationToken);
        Scene.Crm.Set(SimulatedContact.Ordinary(contacts[0]));

        Assert.That((await Retry(plan, cancellationToken)).Contacts, Is.EqualTo(1));
        await Scene.WaitUntilSettled(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    /// <summary>Its message bears the key of that row.</summary>
    [Test, CancelAfter(60_000)]
    public async Task The_CRM_is_asked_by_the_row_that_was_tried(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(1);
        var plan = await Scene.Prepare(new CampaignPlan { ContactIds = [.. contacts, .. contacts] }, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan with { ContactIds = contacts }, cancellationToken);
        await Scene.WaitForReports(plan with { ContactIds = contacts }, cancellationToken);
        await Execute(
            """
            UPDATE campaigns_contacts SET status = 'FAILED', failure_code = 'outcome_unknown' WHERE status = 'SENT';
            UPDATE campaigns_contacts SET id = '00000000-0000-4000-8000-000000000000' WHERE status = 'SKIPPED'
            """,
            cancellationToken
        );

        await Retry(plan, cancellationToken);
        await Scene.WaitUntilSettled(plan, cancellationToken);

        Assert.That(Scene.Crm.PostCount, Is.EqualTo(1), "posts");
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task One_that_was_sent_by_another_row_has_not_failed(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(1);
        var plan = await Scene.Prepare(new CampaignPlan { ContactIds = [.. contacts, .. contacts] }, cancellationToken);
        await Execute(
            "UPDATE campaigns_contacts SET status = 'FAILED', failure_code = 'dispatch_4xx'",
            cancellationToken
        );
        await Execute(
            """
            UPDATE campaigns_contacts SET status = 'SENT', failure_code = NULL
            WHERE id = (SELECT id FROM campaigns_contacts LIMIT 1)
            """,
            cancellationToken
        );

        Assert.That((await Retry(plan, cancellationToken)).Contacts, Is.Zero);
        var contents = _services.GetRequiredService<ICampaignContents>();
        Assert.That(await contents.CountFailures(plan.CampaignId, cancellationToken), Is.Empty);
        await foreach (var failure in contents.ReadFailures(plan.CampaignId, code: null, cancellationToken))
        {
            Assert.Fail($"listed as failed: {failure}");
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task It_can_be_paused_meanwhile(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Execute(
            "UPDATE campaigns_contacts SET status = 'FAILED', failure_code = 'dispatch_4xx'",
            cancellationToken
        );
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var locking = new NpgsqlCommand("SELECT FROM campaigns_contacts FOR UPDATE", connection))
        {
            await locking.ExecuteNonQueryAsync(cancellationToken);
        }

        var packing = Retry(plan, cancellationToken);
        await WaitForALock(cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);
        Assert.That(packing.IsCompleted, Is.False);
        await transaction.RollbackAsync(cancellationToken);

        Assert.That((await packing).Contacts, Is.EqualTo(3));
        Assert.That(await Scene.Rows.CountParked(cancellationToken), Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_stopped_campaign_is_not_packed(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Stopped, cancellationToken);

        Assert.That((await Pack(plan, cancellationToken)).Refusal, Is.EqualTo(PackRefusal.Status));
        Assert.That(await Scene.Rows.CountParked(cancellationToken), Is.Zero);
    }

    /// <summary>evo-flow would complete it with the next report, and the pages that still wait would never be sent.</summary>
    [Test, CancelAfter(60_000)]
    public async Task One_whose_last_page_is_not_reported_yet_is_packed_only_when_its_pages_are_lost(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Execute("UPDATE campaigns SET total_pages = NULL", cancellationToken);

        var refused = await Pack(plan, cancellationToken);
        Assert.That((refused.Refusal, refused.Pages), Is.EqualTo(((PackRefusal?)PackRefusal.PagesNotCounted, 0)));
        Assert.That(await Scene.Rows.CountParked(cancellationToken), Is.Zero);

        var packed = await Pack(plan, cancellationToken, arePagesLost: true);
        Assert.That((packed.Refusal, packed.Pages, packed.FirstPage), Is.EqualTo(((PackRefusal?)null, 1, 1)));
    }

    /// <summary>Everybody would be FAILED, or get a message, unasked.</summary>
    [TestCase(UncertainPolicy.Fail)]
    [TestCase(UncertainPolicy.Resend)]
    [CancelAfter(60_000)]
    public async Task The_CRM_is_not_said_to_be_asked_by_replicas_that_do_not(
        UncertainPolicy policy,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        await using var services = Scene.CommandServices(
            (services, configuration) => services.AddPackCommand(configuration),
            ("Dispatch:Uncertain", $"{policy}")
        );
        Task<PackedCampaign?> Try(bool asksFirst) =>
            CampaignPackCommand.Execute(
                services,
                new PackRequest
                {
                    CampaignId = plan.CampaignId,
                    ArePagesLost = true,
                    AsksFirst = asksFirst,
                },
                cancellationToken
            );

        Assert.That(await Try(asksFirst: true), Is.Null);
        Assert.That(await Scene.CountClaims(cancellationToken), Is.Zero);
        Assert.That((await Try(asksFirst: false))!.Contacts, Is.EqualTo(5));
    }

    /// <summary>Replicas would dead-letter them.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Pages_are_never_larger_than_replicas_accept(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        await using var services = Scene.CommandServices(
            (services, configuration) => services.AddPackCommand(configuration),
            ("Transport:MaxContactIds", "2")
        );
        Task<PackedCampaign?> Try(int? pageSize) =>
            CampaignPackCommand.Execute(
                services,
                new PackRequest
                {
                    CampaignId = plan.CampaignId,
                    PageSize = pageSize,
                    IsTrial = true,
                },
                cancellationToken
            );

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Try(3), Is.Null);
            Assert.That((await Try(2))!.Pages, Is.EqualTo(3));
            Assert.That((await Try(null))!.Pages, Is.EqualTo(3), "of the packer's size, lowered");
            Assert.That((await Pack(plan, cancellationToken, isTrial: true, pageSize: null)).Pages, Is.EqualTo(1));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task The_campaign_for_trying_out_can_be_packed(CancellationToken cancellationToken)
    {
        await Execute(
            await File.ReadAllTextAsync(Repository.PathOf("docker/seed.sql"), cancellationToken),
            cancellationToken
        );

        var packed = await Pack(new CampaignPlan { CampaignId = Seeded, ContactIds = [] }, cancellationToken);

        Assert.That((packed.Refusal, packed.Pages, packed.FirstPage), Is.EqualTo(((PackRefusal?)null, 20, 1)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Parked_pages_are_listed_hastened_and_dropped(CancellationToken cancellationToken)
    {
        var parked = _services.GetRequiredService<IParkedPages>();
        var plan = await Prepare(contacts: 4, pageSize: 2, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Order(plan, ControlAction.Pause, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);

        var pages = await parked.List(new ParkedSelection(), 10, cancellationToken);
        Assert.That(
            pages.Select(page => (page.CampaignId, page.Page, page.Reason)),
            Is.EquivalentTo([
                (plan.CampaignId, 1, "campaign_not_sending"),
                (plan.CampaignId, 2, "campaign_not_sending"),
            ])
        );
        var other = new ParkedSelection { CampaignId = Guid.NewGuid() };
        var first = new ParkedSelection { Ids = [pages[0].Id], Reason = "campaign_not_sending" };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await parked.Redrive(other, cancellationToken), Is.Zero);
            Assert.That(await parked.Redrive(first, cancellationToken), Is.EqualTo(1));
            Assert.That(await parked.Drop(other, cancellationToken), Is.Zero);
            Assert.That(await parked.Drop(new ParkedSelection(), cancellationToken), Is.EqualTo(2));
        }

        await Scene.Order(plan, ControlAction.Resume, cancellationToken);
        Assert.That((await Pack(plan, cancellationToken)).Contacts, Is.EqualTo(4));
        await Scene.WaitUntilSettled(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    private async Task<PackedCampaign> Pack(
        CampaignPlan plan,
        CancellationToken cancellationToken,
        bool isTrial = false,
        int? pageSize = 1_000,
        bool arePagesLost = false,
        bool asksFirst = false
    ) =>
        (
            await CampaignPackCommand.Execute(
                _services,
                new PackRequest
                {
                    CampaignId = plan.CampaignId,
                    PageSize = pageSize,
                    IsTrial = isTrial,
                    ArePagesLost = arePagesLost,
                    AsksFirst = asksFirst,
                },
                cancellationToken
            )
        )!;

    private async Task WaitForALock(CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await Eventually.Holds(
            () =>
                connection.ExecuteScalarAsync<bool>(
                    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
                ),
            cancellationToken
        );
    }

    private Task<PackedCampaign> Retry(
        CampaignPlan plan,
        CancellationToken cancellationToken,
        params string[] failureCodes
    ) => Retry(plan, failureCodes, isTrial: false, cancellationToken);

    private async Task<PackedCampaign> Retry(
        CampaignPlan plan,
        string[] failureCodes,
        bool isTrial,
        CancellationToken cancellationToken
    ) =>
        (
            await CampaignPackCommand.Execute(
                _services,
                new PackRequest
                {
                    CampaignId = plan.CampaignId,
                    FailureCodes = failureCodes,
                    IsTrial = isTrial,
                },
                cancellationToken
            )
        )!;
}
