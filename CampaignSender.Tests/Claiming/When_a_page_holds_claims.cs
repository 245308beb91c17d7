using CampaignSender.Host.Claiming;
using CampaignSender.Host.Crm;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Tests.Servers;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Claiming;

internal sealed class When_a_page_holds_claims : ClaimingTest
{
    private static readonly ClaimOptions Options = new() { TimeToLive = TimeSpan.FromSeconds(60) };
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);
    private static readonly DispatchOptions Dispatch = new() { Timeout = RequestTimeout, SettleTime = TimeSpan.Zero };
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private readonly Guid _other = Guid.NewGuid();
    private FakeTimeProvider _time = null!;

    [SetUp]
    public void StartTime() => _time = new FakeTimeProvider();

    [Test, CancelAfter(10_000)]
    public async Task The_rows_of_one_contact_are_one(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(2);
        var plan = await Insert([contacts[0], contacts[0], contacts[0], contacts[1]], cancellationToken);

        var taken = await Open(plan).Take([.. contacts], cancellationToken);

        var rows = (await Rows(plan.CampaignId, cancellationToken)).ToLookup(row => row.ContactId, row => row.Id);
        var thrice = taken.Single(contact => contact.ContactId == contacts[0]);
        Assert.That(taken.Select(contact => contact.ContactId), Is.EquivalentTo(contacts));
        Assert.That(thrice.DuplicateRowIds.Append(thrice.RowId), Is.EquivalentTo(rows[contacts[0]]));
        Assert.That(taken.Single(contact => contact.ContactId == contacts[1]).DuplicateRowIds, Is.Empty);
    }

    [Test, CancelAfter(20_000)]
    public async Task The_row_that_stands_for_a_contact_stays_the_same(CancellationToken cancellationToken)
    {
        const int rounds = 5;
        var contacts = CampaignPlan.NewContacts(20);
        var plan = await Insert([.. contacts, .. contacts], cancellationToken);
        var first = await TakeAndGiveBack(plan, contacts, cancellationToken);

        for (var round = 0; round < rounds; round++)
        {
            // Their ids sort before and behind those of the rows that were tried.
            await AddRows(plan, contacts, cancellationToken);

            Assert.That(await TakeAndGiveBack(plan, contacts, cancellationToken), Is.EquivalentTo(first));
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task The_row_that_a_lost_owner_posted_for_is_the_one_to_verify(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(2);
        var plan = await Insert(contacts, cancellationToken);
        var lost = await Claim(plan.CampaignId, contacts.Take(1), _other, Expired, cancellationToken);
        await AddRows(plan, contacts, cancellationToken);

        var taken = await Open(plan).Take([.. contacts], cancellationToken);

        var uncertain = taken.Single(contact => contact.ContactId == contacts[0]);
        Assert.That(uncertain.UncertainFor, Is.Not.Null);
        Assert.That(uncertain.RowId, Is.EqualTo(lost.Single().RowId));
        Assert.That(uncertain.DuplicateRowIds, Has.Count.EqualTo(1));
        Assert.That(taken.Single(contact => contact.ContactId == contacts[1]).UncertainFor, Is.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_claim_that_ran_out_is_left_alone_while_its_last_message_settles(
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds, _other, Expired, cancellationToken);

        Assert.That(
            await Open(plan, dispatch: new DispatchOptions { SettleTime = Live })
                .Take([.. plan.ContactIds], cancellationToken),
            Is.Empty
        );
        Assert.That(await Open(plan).Take([.. plan.ContactIds], cancellationToken), Has.Count.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_contact_may_be_posted_while_a_request_fits_into_its_claim(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var claims = Open(plan);
        await claims.Take([plan.ContactIds[0]], cancellationToken);

        Assert.That(claims.Covers(plan.ContactIds[0]));
        Assert.That(claims.Covers(plan.ContactIds[1]), Is.False, "never claimed");

        _time.Advance(Options.TimeToLive - RequestTimeout - Instant);
        Assert.That(claims.Covers(plan.ContactIds[0]));

        _time.Advance(Instant);
        Assert.That(claims.Covers(plan.ContactIds[0]), Is.False, "the request might outlive the claim");
    }

    [Test, CancelAfter(10_000)]
    public async Task No_contact_is_posted_after_the_machine_was_suspended(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var claims = Open(plan);
        await claims.Take([.. plan.ContactIds], cancellationToken);

        // The monotonic clock has stood still meanwhile.
        _time.AdjustTime(_time.GetUtcNow() + Options.TimeToLive);

        Assert.That(claims.Covers(plan.ContactIds[0]), Is.False);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_claim_that_is_found_lost_when_it_is_renewed_covers_nothing(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        var claims = Open(plan);
        await claims.Take(contacts, cancellationToken);
        await GiveToAnother(contacts[1], cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = claims.KeepAlive(done.Token);

        _time.Advance((Options.TimeToLive - RequestTimeout) / 3);
        await Eventually.Holds(() => !claims.Covers(contacts[1]), cancellationToken);

        Assert.That(claims.Covers(contacts[0]));
        await done.CancelAsync();
        await renewing.WaitAsync(cancellationToken);
    }

    [Test, CancelAfter(20_000)]
    public async Task Claims_are_renewed_until_the_page_is_done(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 3, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        var claims = Open(plan);
        await claims.Take(contacts, cancellationToken);
        claims.Forget(contacts[1]);
        await GiveToAnother(contacts[2], cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = claims.KeepAlive(done.Token);

        for (var elapsed = TimeSpan.Zero; elapsed < 2 * Options.TimeToLive; elapsed += RequestTimeout)
        {
            // What is not renewed covers nothing any more.
            _time.Advance(Options.TimeToLive - RequestTimeout);
            await Eventually.Holds(() => claims.Covers(contacts[0]), cancellationToken);
        }

        Assert.That(claims.Covers(contacts[1]), Is.False, "forgotten");
        Assert.That(claims.Covers(contacts[2]), Is.False, "taken by another");
        await done.CancelAsync();
        await renewing.WaitAsync(cancellationToken);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_row_that_somebody_keeps_locked_costs_no_other_its_claim(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        var claims = Open(plan);
        await claims.Take(contacts, cancellationToken);
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var locking = await Lock(connection, contacts[0], cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = claims.KeepAlive(done.Token);

        _time.Advance(Options.TimeToLive - RequestTimeout);
        await Eventually.Holds(() => claims.Covers(contacts[1]), cancellationToken);

        Assert.That(claims.Covers(contacts[0]), Is.False, "not renewed");
        await locking.RollbackAsync(cancellationToken);
        _time.Advance((Options.TimeToLive - RequestTimeout) / 3);
        await Eventually.Holds(() => claims.Covers(contacts[0]), cancellationToken);
        await done.CancelAsync();
        await renewing.WaitAsync(cancellationToken);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_claim_counts_from_before_the_database_was_asked(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var claims = Open(plan);
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await LockContacts(connection, cancellationToken);

        var taking = claims.Take([.. plan.ContactIds], cancellationToken);
        _time.Advance(Options.TimeToLive - RequestTimeout);
        await transaction.RollbackAsync(cancellationToken);
        await taking;

        Assert.That(claims.Covers(plan.ContactIds[0]), Is.False, "the database may have granted it long ago");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_renewal_counts_from_before_it_was_asked_and_not_for_who_was_forgotten_meanwhile(
        CancellationToken cancellationToken
    )
    {
        var clock = new SlowedClock();
        var plan = await Insert(contacts: 2, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        var claims = Open(plan, clock);
        await claims.Take(contacts, cancellationToken);
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await LockContacts(connection, cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = claims.KeepAlive(done.Token);

        // A third of the time for which a claim covers a request: two more renewals may fail.
        clock.Advance((Options.TimeToLive - RequestTimeout) / 3);
        await Eventually.Blocks(connection, cancellationToken);
        claims.Forget(contacts[0]);
        clock.Behind = Options.TimeToLive - RequestTimeout - Instant;
        Assert.That(claims.Covers(contacts[1]), Is.False, "not renewed yet");
        await transaction.RollbackAsync(cancellationToken);

        await Eventually.Holds(() => claims.Covers(contacts[1]), cancellationToken);
        clock.Behind += Instant;
        Assert.That(claims.Covers(contacts[1]), Is.False, "the renewal may have been granted long ago");
        await done.CancelAsync();
        await renewing.WaitAsync(cancellationToken);
        clock.Behind = TimeSpan.Zero;
        Assert.That(contacts.Select(claims.Covers), Is.EqualTo((bool[])[false, true]), "forgotten stays forgotten");
    }

    /// <summary>Else the CRM would be asked about each: whether it was posted would not be known.</summary>
    [Test, CancelAfter(10_000)]
    public async Task All_but_what_somebody_keeps_locked_is_given_back(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        var claims = Open(plan);
        await claims.Take(contacts, cancellationToken);
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var locking = await Lock(connection, contacts[0], cancellationToken);

        await claims.Release(contacts, [], cancellationToken);

        var held = (await Rows(plan.CampaignId, cancellationToken)).Single(row => row.ClaimId is not null);
        Assert.That(held.ContactId, Is.EqualTo(contacts[0]));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_is_given_back_is_free_at_once(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        var claims = Open(plan);
        await claims.Take(contacts, cancellationToken);

        await claims.Release(contacts[..1], [], cancellationToken);

        var claimed = await Claim(plan.CampaignId, contacts, _other, Live, cancellationToken);
        Assert.That(contacts.Select(claims.Covers), Is.EqualTo((bool[])[false, true]));
        Assert.That(claimed.Select(row => row.ContactId), Is.EqualTo(contacts[..1]));
    }

    private PageClaims Open(CampaignPlan plan, TimeProvider? time = null, DispatchOptions? dispatch = null) =>
        new(
            Claims,
            Options,
            dispatch ?? Dispatch,
            time ?? _time,
            NullLogger<PageClaims>.Instance,
            plan.Pages().First()
        );

    /// <summary>The table, not its rows: for that a statement waits before it sets the time after which it gives way.</summary>
    private static async Task<NpgsqlTransaction> LockContacts(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("LOCK TABLE campaigns_contacts", transaction: transaction);
        return transaction;
    }

    private async Task<Dictionary<Guid, Guid>> TakeAndGiveBack(
        CampaignPlan plan,
        IReadOnlyList<Guid> contacts,
        CancellationToken cancellationToken
    )
    {
        var claims = Open(plan);
        var taken = await claims.Take([.. contacts], cancellationToken);
        await claims.Release(contacts, failedIds: contacts, cancellationToken);
        return taken.ToDictionary(contact => contact.ContactId, contact => contact.RowId);
    }

    private Task GiveToAnother(Guid contactId, CancellationToken cancellationToken) =>
        Execute(
            "UPDATE campaigns_contacts SET claim_id = @other WHERE contact_id = @contactId",
            new { other = _other, contactId },
            cancellationToken
        );

    private Task AddRows(CampaignPlan plan, IReadOnlyList<Guid> contacts, CancellationToken cancellationToken) =>
        Execute(
            "INSERT INTO campaigns_contacts (campaign_id, contact_id) SELECT @campaignId, unnest(@contacts)",
            new { campaignId = plan.CampaignId, contacts = contacts.ToArray() },
            cancellationToken
        );

    /// <summary>Shows more time than its timers have seen pass.</summary>
    private sealed class SlowedClock : FakeTimeProvider
    {
        public TimeSpan Behind { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Behind.TotalSeconds * TimestampFrequency);
    }
}
