using CampaignSender.Host.Database;

namespace CampaignSender.Host.Pacing;

/// <summary>
/// One inbox in this replica: fetches turns from the database, a few at a time, and gives each at its time to whoever
/// waits. Turns that nobody wants run out; those who wait ask for no more than they use. Of one campaign the page that came
/// first goes first: else all pages in work would end, or run out of time, together.
/// </summary>
internal sealed class InboxPace(Guid inboxId, IInboxLimits limits, Random random, TimeProvider time)
{
    /// <summary>A statement asks for what is used in that time, so that a replica that dies takes no more with it.</summary>
    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(250);

    /// <summary>Timers are no more exact than that; several turns may fall into it.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(2);

    /// <summary>The shortest time that a pace is judged by.</summary>
    private static readonly TimeSpan LeastMeasured = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly CampaignQueue<Turn> _waiting = new();

    /// <summary>When each of the turns that are left begins, by this process's clock.</summary>
    private readonly Queue<long> _turns = new();

    // One read for all who ask; nobody's cancellation may end it for the others.
    private readonly Recent<InboxLimit> _limit = new(time, () => limits.Read(inboxId, CancellationToken.None));
    private long _asked;
    private int _takenSinceAsked;
    private int _granted;
    private bool _isServing;

    public async ValueTask<Turn> Take(Guid campaignId, long page, CancellationToken cancellationToken)
    {
        if ((await _limit.Get(cancellationToken)).RefillRate == 0)
        {
            return Turn.Unlimited;
        }

        Task<Turn> waiting;
        lock (_lock)
        {
            _takenSinceAsked++;
            if (_waiting.Count == 0 && TryTakeTurn() is { } turn)
            {
                return turn;
            }

            waiting = _waiting.Enter(campaignId, page, cancellationToken);
            if (!_isServing)
            {
                _isServing = true;
                _ = Serve();
            }
        }

        return await waiting;
    }

    /// <summary>A turn whose time has come.</summary>
    private Turn? TryTakeTurn()
    {
        while (_turns.TryPeek(out var begins))
        {
            if (begins > time.GetTimestamp())
            {
                return null;
            }

            _turns.Dequeue();
            var turn = new Turn(time, begins);
            if (turn.IsValid)
            {
                return turn;
            }
        }

        return null;
    }

    /// <summary>Until nobody waits any more. There is one of it at a time.</summary>
    private async Task Serve()
    {
        var fetching = Task.CompletedTask;
        try
        {
            while (!IsServed(fetching))
            {
                if (fetching.IsCompleted && NeedsMore())
                {
                    fetching = Fetch();
                }

                await UntilNextTurn(fetching);
                if (fetching.IsCompleted)
                {
                    await fetching;
                }
            }
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                _isServing = false;
                _waiting.Fail(exception);
            }
        }
    }

    private bool IsServed(Task fetching)
    {
        lock (_lock)
        {
            while (_waiting.Count > 0 && TryTakeTurn() is { } turn)
            {
                _waiting.Give(turn);
            }

            _isServing = _waiting.Count > 0 || !fetching.IsCompleted;
            return !_isServing;
        }
    }

    /// <summary>Ahead of the last turn, so that there is no gap.</summary>
    private bool NeedsMore()
    {
        lock (_lock)
        {
            return _waiting.Count > _turns.Count && _turns.Count <= _granted / 2;
        }
    }

    private async Task UntilNextTurn(Task fetching)
    {
        var wait = TimeToNextTurn();
        if (!fetching.IsCompleted)
        {
            await Task.WhenAny(fetching, Task.Delay(wait ?? Timeout.InfiniteTimeSpan, time));
        }
        else if (wait is { } pause)
        {
            await Task.Delay(pause, time);
        }
    }

    /// <summary>Null: there is none.</summary>
    private TimeSpan? TimeToNextTurn()
    {
        lock (_lock)
        {
            if (!_turns.TryPeek(out var begins))
            {
                return null;
            }

            var wait = time.GetElapsedTime(time.GetTimestamp(), begins);
            // A turn that is due is given at once, if there is anybody who waits for it.
            return wait <= TimeSpan.Zero && _waiting.Count > 0 ? TimeSpan.Zero
                : wait < LeastPause ? LeastPause
                : wait;
        }
    }

    private async Task Fetch()
    {
        var limit = await _limit.Get(CancellationToken.None);
        var grant =
            limit.RefillRate > 0
                ? await limits.Take(inboxId, CountToFetch(limit), limit, CancellationToken.None)
                : null;
        if (grant is null)
        {
            _limit.Set(limit with { RefillRate = 0 });
            GiveAll();
            return;
        }

        _limit.Set(new InboxLimit(grant.Capacity, grant.RefillRate));
        Keep(grant);
        if (grant.Granted == 0)
        {
            // Some of those who are refused come back sooner, some later, or they would all be refused again.
            var farthest = InboxLimitStore.Farthest.TotalSeconds;
            var wait = Math.Clamp(grant.EndsInSeconds - farthest, 0, farthest) + random.NextDouble();
            await Task.Delay(TimeSpan.FromSeconds(wait), time);
        }
    }

    /// <summary>As many as wait, or as are used in the time of a batch.</summary>
    private int CountToFetch(InboxLimit limit)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var measured = time.GetElapsedTime(_asked, now);
            var used = _takenSinceAsked * (Batch / (measured > LeastMeasured ? measured : LeastMeasured));
            _asked = now;
            _takenSinceAsked = 0;
            var most = Math.Max(1, (int)(limit.RefillRate * Batch.TotalSeconds));
            return (int)Math.Clamp(Math.Max(_waiting.Count - _turns.Count, used), 1, most);
        }
    }

    private void Keep(InboxGrant grant)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var first = grant.EndsInSeconds - ((double)grant.Granted / grant.RefillRate);
            for (var turn = 0; turn < grant.Granted; turn++)
            {
                // What an inbox has saved up lies in the past, and is good from now on.
                var seconds = Math.Max(0, first + ((double)turn / grant.RefillRate));
                _turns.Enqueue(now + (long)(seconds * time.TimestampFrequency));
            }

            _granted = grant.Granted;
        }
    }

    private void GiveAll()
    {
        lock (_lock)
        {
            while (_waiting.Give(Turn.Unlimited) is not null) { }
        }
    }
}
