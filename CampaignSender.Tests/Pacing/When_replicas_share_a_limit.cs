using CampaignSender.Host.Pacing;
using CampaignSender.Tests.Database;
using Dapper;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace CampaignSender.Tests.Pacing;

/// <summary>The row that they share, in a real database and by its clock.</summary>
internal sealed class When_replicas_share_a_limit : DatabaseTest
{
    private const int Capacity = 20;
    private const int Rate = 10;

    private InboxLimitStore _store = null!;
    private Guid _inboxId;

    [SetUp]
    public void Begin()
    {
        _store = StoreWith(Rate);
        _inboxId = Guid.NewGuid();
    }

    [Test, CancelAfter(10_000)]
    public async Task An_inbox_that_was_never_seen_has_saved_up_its_capacity(CancellationToken cancellationToken)
    {
        var grant = await TakeUntil(TimeOf(5 - (Capacity - 1)), 5, cancellationToken);

        Assert.That(grant.Granted, Is.EqualTo(5));
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_has_rested_for_long_has_saved_up_no_more(CancellationToken cancellationToken)
    {
        await Take(5, cancellationToken);
        await SetNextAt(TimeSpan.FromDays(-1), cancellationToken);

        await TakeUntil(TimeOf(5 - (Capacity - 1)), 5, cancellationToken);
    }

    [Test, CancelAfter(20_000)]
    public async Task Grants_follow_each_other_whoever_takes_them(CancellationToken cancellationToken)
    {
        const int takers = 20;
        // However late they come, nothing is lost of so much.
        await _store.Set(_inboxId, capacity: 1_000, refillRate: null, cancellationToken);
        await Take(1_000, cancellationToken);
        var before = await NextAt(cancellationToken);

        var grants = await Task.WhenAll(Enumerable.Range(0, takers).Select(_ => Take(2, cancellationToken)));

        Assert.That(grants.Sum(grant => grant!.Granted), Is.EqualTo(2 * takers));
        Assert.That(
            (await NextAt(cancellationToken) - before).TotalSeconds,
            Is.EqualTo(2d * takers / Rate).Within(0.001)
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task Nothing_is_granted_too_far_ahead(CancellationToken cancellationToken)
    {
        await Take(Capacity + (Rate * 6), cancellationToken);
        var before = await NextAt(cancellationToken);

        var grant = await Take(1, cancellationToken);

        Assert.That(grant!.Granted, Is.Zero);
        Assert.That(grant.EndsInSeconds, Is.GreaterThan(InboxLimitStore.Farthest.TotalSeconds));
        Assert.That(await NextAt(cancellationToken), Is.EqualTo(before));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_clock_that_was_set_back_stops_no_inbox(CancellationToken cancellationToken)
    {
        await Take(1, cancellationToken);
        await SetNextAt(TimeSpan.FromHours(1), cancellationToken);

        // Nothing is saved up either.
        var grant = await TakeUntil(TimeOf(1), 1, cancellationToken);

        Assert.That(grant.Granted, Is.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task Inboxes_do_not_share(CancellationToken cancellationToken)
    {
        await Take(Capacity, cancellationToken);
        _inboxId = Guid.NewGuid();

        Assert.That((await Take(1, cancellationToken))!.EndsInSeconds, Is.LessThan(0));
    }

    [Test, CancelAfter(10_000)]
    public async Task An_inbox_s_own_limit_goes_before_the_settings(CancellationToken cancellationToken)
    {
        Assert.That(await _store.Read(_inboxId, cancellationToken), Is.EqualTo(new InboxLimit(Capacity, Rate)));

        await _store.Set(_inboxId, capacity: null, refillRate: 2, cancellationToken);
        Assert.That(await _store.Read(_inboxId, cancellationToken), Is.EqualTo(new InboxLimit(Capacity, 2)));
        Assert.That((await Take(1, cancellationToken))!.RefillRate, Is.EqualTo(2));

        await _store.Set(_inboxId, capacity: null, refillRate: null, cancellationToken);
        Assert.That(await _store.Read(_inboxId, cancellationToken), Is.EqualTo(new InboxLimit(Capacity, Rate)));
    }

    [Test, CancelAfter(10_000)]
    public async Task It_can_be_without_a_limit(CancellationToken cancellationToken)
    {
        await Take(1, cancellationToken);
        await _store.Set(_inboxId, capacity: null, refillRate: 0, cancellationToken);

        Assert.That(await Take(1, cancellationToken), Is.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task It_can_have_one_where_the_settings_have_none(CancellationToken cancellationToken)
    {
        _store = StoreWith(rate: 0);
        await _store.Set(_inboxId, capacity: 5, refillRate: 5, cancellationToken);

        var limit = await _store.Read(_inboxId, cancellationToken);
        var grant = await _store.Take(_inboxId, 1, limit, cancellationToken);

        Assert.That(grant!.Granted, Is.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_new_limit_forgets_what_was_granted_far_ahead(CancellationToken cancellationToken)
    {
        await Take(Capacity + (Rate * 60), cancellationToken);

        await _store.Set(_inboxId, capacity: null, refillRate: 100, cancellationToken);

        Assert.That((await Take(1, cancellationToken))!.EndsInSeconds, Is.LessThan(1));
    }

    private InboxLimitStore StoreWith(int rate) =>
        new(Source, Options.Create(new RateLimitOptions { Capacity = Capacity, RefillRate = rate }));

    private Task<InboxGrant?> Take(int count, CancellationToken cancellationToken) =>
        _store.Take(_inboxId, count, new InboxLimit(Capacity, Rate), cancellationToken);

    /// <summary>Checks that what is granted lasts until that long from the moment of the grant, by the database's clock.</summary>
    private async Task<InboxGrant> TakeUntil(TimeSpan fromNow, int count, CancellationToken cancellationToken)
    {
        var before = await Time("SELECT clock_timestamp()", cancellationToken);
        var grant = await Take(count, cancellationToken);
        var after = await Time("SELECT clock_timestamp()", cancellationToken);

        var nextAt = await NextAt(cancellationToken);
        Assert.That(nextAt, Is.InRange(before + fromNow, after + fromNow));
        Assert.That(
            grant!.EndsInSeconds,
            Is.InRange((nextAt - after).TotalSeconds, (nextAt - before).TotalSeconds),
            "as the replica is told"
        );
        return grant;
    }

    private static TimeSpan TimeOf(int messages) => TimeSpan.FromSeconds((double)messages / Rate);

    private Task<DateTime> NextAt(CancellationToken cancellationToken) =>
        Time("SELECT next_at FROM campaign_sender_inboxes WHERE inbox_id = @inboxId", cancellationToken);

    private async Task<DateTime> Time(string question, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<DateTime>(question, new { inboxId = _inboxId });
    }

    private Task SetNextAt(TimeSpan fromNow, CancellationToken cancellationToken) =>
        Execute(
            "UPDATE campaign_sender_inboxes SET next_at = now() + @fromNow WHERE inbox_id = @inboxId",
            new { fromNow, inboxId = _inboxId },
            cancellationToken
        );
}
