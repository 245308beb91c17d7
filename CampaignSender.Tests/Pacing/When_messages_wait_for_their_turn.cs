using CampaignSender.Host.Pacing;
using CampaignSender.Tests.Servers;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Pacing;

internal sealed class When_messages_wait_for_their_turn
{
    private static readonly Guid One = Guid.NewGuid();
    private static readonly Guid Another = Guid.NewGuid();

    private FakeTimeProvider _time = null!;
    private TokenBucket _bucket = null!;
    private InboxPace _pace = null!;
    private List<Guid> _given = null!;

    [SetUp]
    public void Begin() => Begin(new InboxLimit(Capacity: 4, RefillRate: 10));

    [Test, CancelAfter(10_000)]
    public async Task A_rested_inbox_sends_its_capacity_at_once_and_goes_on_at_its_rate(
        CancellationToken cancellationToken
    )
    {
        _ = Wait(One, 20, cancellationToken);
        await UntilGiven(4, cancellationToken);

        foreach (var given in Enumerable.Range(5, 10))
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await UntilGiven(given, cancellationToken);
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task The_campaigns_of_an_inbox_get_their_turns_one_after_the_other(CancellationToken cancellationToken)
    {
        _ = Wait(One, 10, cancellationToken);
        await UntilGiven(4, cancellationToken);
        _ = Wait(Another, 4, cancellationToken);

        foreach (var given in Enumerable.Range(5, 8))
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await UntilGiven(given, cancellationToken);
        }

        Assert.That(_given.Skip(4).Count(campaign => campaign == Another), Is.EqualTo(4));
        Assert.That(_given.Skip(4).Take(4), Is.EquivalentTo([One, Another, One, Another]));
    }

    [Test, CancelAfter(10_000)]
    public async Task Of_one_campaign_the_page_that_came_first_goes_first(CancellationToken cancellationToken)
    {
        var begun = Wait(One, 4, cancellationToken);
        await UntilGiven(4, cancellationToken);
        var second = WaitOnce(One, cancellationToken, page: 2);
        var first = WaitOnce(One, cancellationToken, page: 1);

        _time.Advance(TimeSpan.FromMilliseconds(100));
        await UntilGiven(5, cancellationToken);

        await Task.WhenAll(begun, first);
        Assert.That(second.IsCompleted, Is.False);
    }

    [Test, CancelAfter(10_000)]
    public async Task Whoever_gives_up_costs_nobody_a_turn(CancellationToken cancellationToken)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = Wait(One, 4, cancellationToken);
        await UntilGiven(4, cancellationToken);
        var paused = Wait(One, 1, pause.Token);
        _ = Wait(Another, 1, cancellationToken);

        await pause.CancelAsync();
        Assert.That(() => paused, Throws.InstanceOf<OperationCanceledException>());

        _time.Advance(TimeSpan.FromMilliseconds(200));
        await UntilGiven(5, cancellationToken);
        Assert.That(_given[^1], Is.EqualTo(Another));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_a_frozen_process_has_missed_is_not_made_up_for(CancellationToken cancellationToken)
    {
        _ = Wait(One, 30, cancellationToken);
        await UntilGiven(4, cancellationToken);

        _time.Advance(TimeSpan.FromMinutes(1));

        // As much as any rested inbox may, in turns that are granted now.
        await UntilGiven(8, cancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        Assert.That(Given(), Is.EqualTo(8));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_turn_that_was_not_used_in_time_is_none(CancellationToken cancellationToken)
    {
        var turn = await _pace.Take(One, page: 0, cancellationToken);
        Assert.That(turn.IsValid);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(turn.IsValid, Is.False);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_statement_asks_for_no_more_than_a_quarter_of_a_second(CancellationToken cancellationToken)
    {
        Begin(new InboxLimit(Capacity: 200, RefillRate: 200));
        _ = Wait(One, 200, cancellationToken);

        await UntilGiven(200, cancellationToken);

        Assert.That(_bucket.Asked, Is.All.InRange(1, 50));
        Assert.That(_bucket.Asked, Has.Count.LessThan(12), "statements");
    }

    [Test, CancelAfter(10_000)]
    public async Task One_after_the_other_they_share_statements_too(CancellationToken cancellationToken)
    {
        Begin(new InboxLimit(Capacity: 1_000, RefillRate: 1_000));
        foreach (var _ in Enumerable.Range(0, 500))
        {
            await _pace.Take(One, page: 0, cancellationToken);
            _time.Advance(TimeSpan.FromMilliseconds(2));
        }

        Assert.That(_bucket.Asked, Has.Count.LessThan(20), "statements");
    }

    [Test, CancelAfter(10_000)]
    public async Task Without_a_limit_nobody_waits_and_a_new_one_is_seen_in_5_s(CancellationToken cancellationToken)
    {
        Begin(new InboxLimit(Capacity: 1, RefillRate: 0));
        await Wait(One, 100, cancellationToken);
        Assert.That(_bucket.Asked, Is.Empty);

        _bucket.Limit = new InboxLimit(Capacity: 1, RefillRate: 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        _ = Wait(One, 2, cancellationToken);

        await UntilGiven(101, cancellationToken);
        Assert.That(_bucket.Asked, Is.Not.Empty);
    }

    [Test, CancelAfter(10_000)]
    public async Task All_go_when_the_limit_is_lifted(CancellationToken cancellationToken)
    {
        _ = Wait(One, 50, cancellationToken);
        await UntilGiven(4, cancellationToken);

        _bucket.Limit = new InboxLimit(Capacity: 1, RefillRate: 0);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        await UntilGiven(6, cancellationToken, orMore: true);
        _time.Advance(TimeSpan.FromMilliseconds(200));

        await UntilGiven(50, cancellationToken);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_database_that_is_away_is_felt_and_then_forgotten(CancellationToken cancellationToken)
    {
        _bucket.Fault = new TimeoutException("away");
        Assert.That(() => Wait(One, 1, cancellationToken), Throws.InstanceOf<TimeoutException>());

        _bucket.Fault = null;
        await Wait(One, 1, cancellationToken);
    }

    [Test, CancelAfter(10_000)]
    public async Task Where_too_much_is_granted_ahead_it_asks_again_later(CancellationToken cancellationToken)
    {
        // As if other replicas had taken the next ten seconds.
        await _bucket.Take(Guid.Empty, 104, _bucket.Limit, cancellationToken);
        _ = Wait(One, 1, cancellationToken);

        foreach (var _ in Enumerable.Range(0, 120))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await UntilGiven(1, cancellationToken);
        Assert.That(_bucket.Asked, Has.Count.LessThan(12), "statements");
    }

    private void Begin(InboxLimit limit)
    {
        _time = new FakeTimeProvider();
        _bucket = new TokenBucket(_time, limit);
        _pace = new InboxPace(Guid.NewGuid(), _bucket, new Random(1), _time);
        _given = [];
    }

    private Task Wait(Guid campaignId, int messages, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, messages).Select(_ => WaitOnce(campaignId, cancellationToken)));

    private async Task WaitOnce(Guid campaignId, CancellationToken cancellationToken, long page = 0)
    {
        await _pace.Take(campaignId, page, cancellationToken);
        lock (_given)
        {
            _given.Add(campaignId);
        }
    }

    private int Given()
    {
        lock (_given)
        {
            return _given.Count;
        }
    }

    private async Task UntilGiven(int count, CancellationToken cancellationToken, bool orMore = false)
    {
        await Eventually.Holds(() => Given() >= count, cancellationToken);
        if (!orMore)
        {
            Assert.That(Given(), Is.EqualTo(count));
        }
    }
}
