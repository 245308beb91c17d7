using CampaignSender.Host.Claiming;
using CampaignSender.Host.Recording;
using CampaignSender.Host.Telemetry;
using CampaignSender.Tests.Servers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Claiming;

internal sealed class When_pages_record_together : ClaimingTest
{
    private const string Allow =
        "DROP TRIGGER refuse ON campaigns_contacts; DROP FUNCTION refuse(); DROP SEQUENCE tries";

    private readonly Guid _first = Guid.NewGuid();
    private readonly Guid _second = Guid.NewGuid();
    private ServiceProvider _services = null!;

    [OneTimeSetUp]
    public void AddMetrics() =>
        _services = new ServiceCollection().AddMetrics().AddSingleton<SenderMetrics>().BuildServiceProvider();

    [OneTimeTearDown]
    public void DisposeMetrics() => _services.Dispose();

    [Test, CancelAfter(10_000)]
    public async Task Each_ends_when_all_its_outcomes_are_recorded(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var (ours, others) = await ClaimTwoPages(plan.CampaignId, [.. plan.ContactIds], cancellationToken);
        var recorder = Recorder();
        using var first = recorder.Open(plan.CampaignId, cancellationToken);
        using var second = recorder.Open(plan.CampaignId, cancellationToken);

        first.Add(Sent(ours) with { ClaimId = _first });
        second.Add(Sent(others) with { ClaimId = _second });
        first.Complete();
        await first.Finished;

        Assert.That(
            (await Rows(plan.CampaignId, cancellationToken)).Single(row => row.Id == ours.RowId).Status,
            Is.EqualTo("SENT")
        );
        Assert.That(second.Finished.IsCompleted, Is.False);
        second.Complete();
        await second.Finished;
        Assert.That((await Rows(plan.CampaignId, cancellationToken)).Select(row => row.Status), Is.All.EqualTo("SENT"));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_cannot_be_recorded_fails_its_own_page_alone(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var (ours, others) = await ClaimTwoPages(plan.CampaignId, [.. plan.ContactIds], cancellationToken);
        var recorder = Recorder();
        using var first = recorder.Open(plan.CampaignId, cancellationToken);
        using var second = recorder.Open(plan.CampaignId, cancellationToken);

        // PostgreSQL stores no such character.
        first.Add(Sent(ours) with { ClaimId = _first, Reason = "\0" });
        second.Add(Sent(others) with { ClaimId = _second });
        second.Complete();
        await second.Finished;

        Assert.That(async () => await first.Finished, Throws.InstanceOf<PostgresException>());
        var rows = await Rows(plan.CampaignId, cancellationToken);
        Assert.That(rows.Single(row => row.Id == ours.RowId).Status, Is.EqualTo("PENDING"));
        Assert.That(rows.Single(row => row.Id == others.RowId).Status, Is.EqualTo("SENT"));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_row_that_somebody_keeps_locked_holds_up_no_other(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var (ours, others) = await ClaimTwoPages(plan.CampaignId, [.. plan.ContactIds], cancellationToken);
        var recorder = Recorder();
        using var first = recorder.Open(plan.CampaignId, cancellationToken);
        using var second = recorder.Open(plan.CampaignId, cancellationToken);
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var locking = await Lock(connection, ours.ContactId, cancellationToken);

        first.Add(Sent(ours) with { ClaimId = _first });
        second.Add(Sent(others) with { ClaimId = _second });
        first.Complete();
        second.Complete();
        await second.Finished;

        Assert.That(first.Finished.IsCompleted, Is.False);
        await locking.RollbackAsync(cancellationToken);
        await first.Finished;
        Assert.That((await Rows(plan.CampaignId, cancellationToken)).Select(row => row.Status), Is.All.EqualTo("SENT"));
        Assert.That(first.Contacts.Sent, Is.EqualTo(1));
    }

    /// <summary>Else a transaction that somebody has forgotten would hold its place for hours.</summary>
    [Test, CancelAfter(20_000)]
    public async Task A_row_that_stays_locked_holds_its_page_up_for_little_more_than_a_minute(
        CancellationToken cancellationToken
    )
    {
        var time = new FakeTimeProvider();
        var plan = await Insert(contacts: 1, cancellationToken);
        var ours = (await Claim(plan.CampaignId, plan.ContactIds, _first, Live, cancellationToken)).Single();
        var page = Recorder(time).Open(plan.CampaignId, cancellationToken);
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var locking = await Lock(connection, ours.ContactId, cancellationToken);

        page.Add(Sent(ours) with { ClaimId = _first });
        page.Complete();
        var began = time.GetTimestamp();
        while (!page.Finished.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }

        Assert.That(
            time.GetElapsedTime(began),
            Is.GreaterThan(TimeSpan.FromMinutes(1)).And.LessThan(TimeSpan.FromMinutes(10))
        );
        Assert.That(page.Contacts.Count, Is.Zero);
        page.Dispose();
        await locking.RollbackAsync(cancellationToken);
        while ((await Rows(plan.CampaignId, cancellationToken)).Single().Status != "SENT")
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task A_campaign_goes_on_when_its_first_pages_are_over(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var (ours, others) = await ClaimTwoPages(plan.CampaignId, [.. plan.ContactIds], cancellationToken);
        var recorder = Recorder();

        foreach (var (row, claim) in new[] { (ours, _first), (others, _second) })
        {
            using var page = recorder.Open(plan.CampaignId, cancellationToken);
            page.Add(Sent(row) with { ClaimId = claim });
            page.Complete();
            await page.Finished;
        }

        Assert.That((await Rows(plan.CampaignId, cancellationToken)).Select(row => row.Status), Is.All.EqualTo("SENT"));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_page_counts_the_contacts_that_it_recorded_itself(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 3, cancellationToken);
        var rows = (await Claim(plan.CampaignId, [.. plan.ContactIds], _first, Live, cancellationToken)).ToList();
        using var page = Recorder().Open(plan.CampaignId, cancellationToken);

        page.Add(Sent(rows[0]) with { ClaimId = _first });
        page.Add(Sent(rows[1]) with { ClaimId = _first, Status = ContactStatus.Skipped, IsDuplicate = true });
        page.Add(Failed(rows[2]) with { ClaimId = _second });
        page.Complete();
        await page.Finished;

        Assert.That(page.Contacts, Is.EqualTo(new RecordedContacts(Sent: 1, Failed: 0, Skipped: 0)));
    }

    [Test, CancelAfter(20_000)]
    public async Task What_the_database_refuses_for_now_is_recorded_later(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var row = (await Claim(plan.CampaignId, plan.ContactIds, _first, Live, cancellationToken)).Single();
        using var page = Recorder().Open(plan.CampaignId, cancellationToken);

        await RecordInVain(page, Sent(row) with { ClaimId = _first }, cancellationToken);
        await Execute(Allow, new { }, cancellationToken);
        await page.Finished;

        Assert.That((await Rows(plan.CampaignId, cancellationToken)).Single().Status, Is.EqualTo("SENT"));
    }

    [Test, CancelAfter(20_000)]
    public async Task What_an_earlier_try_has_written_without_an_answer_counts_as_recorded(
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var row = (await Claim(plan.CampaignId, plan.ContactIds, _first, Live, cancellationToken)).Single();
        var outcome = Sent(row) with { ClaimId = _first };
        using var page = Recorder().Open(plan.CampaignId, cancellationToken);

        await RecordInVain(page, outcome, cancellationToken);
        // In one transaction, between two tries: as the one before would have written it.
        await Execute(
            $"{Allow}; UPDATE campaigns_contacts SET status = 'SENT', crm_message_id = @MessageId, claim_id = NULL WHERE id = @RowId",
            outcome,
            cancellationToken
        );
        await page.Finished;

        Assert.That(page.Contacts.Sent, Is.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task Many_outcomes_wait_for_no_others(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 250, cancellationToken);
        var rows = await Claim(plan.CampaignId, [.. plan.ContactIds], _first, Live, cancellationToken);
        using var page = Recorder(new FakeTimeProvider()).Open(plan.CampaignId, cancellationToken);

        foreach (var row in rows)
        {
            page.Add(Sent(row) with { ClaimId = _first });
        }

        await Eventually.Holds(() => page.Contacts.Sent == 250, cancellationToken);
    }

    /// <summary>The database refuses it again and again, until it is to <see cref="Allow"/> it.</summary>
    private async Task RecordInVain(PageRecording page, ContactOutcome outcome, CancellationToken cancellationToken)
    {
        // A sequence is not rolled back.
        await Execute(
            """
            CREATE SEQUENCE tries;
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN
                PERFORM nextval('tries');
                RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100';
            END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON campaigns_contacts FOR EACH ROW EXECUTE FUNCTION refuse();
            """,
            new { },
            cancellationToken
        );
        page.Add(outcome);
        page.Complete();
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        // More often than a batch and its pages alone.
        await Eventually.Holds(
            () => connection.ExecuteScalarAsync<bool>("SELECT last_value > 3 FROM tries"),
            cancellationToken
        );
    }

    private async Task<(ClaimedRow Ours, ClaimedRow Others)> ClaimTwoPages(
        Guid campaignId,
        Guid[] contactIds,
        CancellationToken cancellationToken
    ) =>
        (
            (await Claim(campaignId, contactIds[..1], _first, Live, cancellationToken)).Single(),
            (await Claim(campaignId, contactIds[1..], _second, Live, cancellationToken)).Single()
        );

    private OutcomeRecorder Recorder(TimeProvider? time = null) =>
        new(
            new OutcomeWriter(
                Outcomes,
                _services.GetRequiredService<SenderMetrics>(),
                TimeProvider.System,
                NullLogger<OutcomeWriter>.Instance
            ),
            time ?? TimeProvider.System
        );
}
