namespace CampaignSender.Host.Crm;

/// <summary>
/// How many requests a second the CRM takes, as its refusals (429) tell; the decisions alone, without clock and waits.
/// A refusal that stands alone means a little too fast. When the next request is refused too, one goes out now and then
/// until one is taken; what was taken since the time before, refusals' pauses included, is the pace from then on, whatever
/// the CRM counts by: seconds or minutes. Where nothing was, it stays as it was. Without refusals it grows again, slowly
/// first. See docs/adr/0014.
/// All times are seconds of one clock. Not safe for several threads at once.
/// </summary>
internal sealed class RequestPace
{
    private const double Cut = 0.97;

    private const double FirstPause = 0.2;
    private const double LongestPause = 5;

    /// <summary>A CRM that counts by the second takes requests again by then.</summary>
    private const double ShortPause = 1.5;

    /// <summary>A pace that was kept to for so long was not far from the right one.</summary>
    private const double Proven = 5;

    /// <summary>A pace that was measured over a shorter time is a guess.</summary>
    private const double Reliable = 10;

    /// <summary>What was taken longer ago counts for less and less.</summary>
    private const double Memory = 60;

    /// <summary>After so long without a request what was taken before tells nothing about the pace.</summary>
    private const double Rest = 2;

    /// <summary>
    /// Shares a second that the pace grows by: from a guess, from one that has stood the test, at the most. Twice as much every
    /// 15 s; each refusal makes a guess a better one, that grows by a quarter of what the one before grew by.
    /// </summary>
    private const double GuessGrowth = 0.05;
    private const double FirstGrowth = 0.001;
    private const double Refinement = 0.25;
    private const double DoublingTime = 15;
    private const double SteepestGrowth = 0.1;

    /// <summary>Timers are late by some milliseconds: what is missed is made up for.</summary>
    private const double Lateness = 0.02;

    private const double Slowest = 0.2;
    private const double Fastest = 10_000;

    private double _next = double.MinValue;
    private double _pausedUntil = double.MinValue;
    private double _lastCut = double.MinValue;
    private double _lastRequest = double.MinValue;
    private double _measuredSince;
    private double _taken;
    private double _grownAt;
    private double _refusedAt;
    private double _pausingSince;
    private double _refusedUntil;
    private int _refusedInTurn;
    private double _growth;
    private bool _wasTakenSinceCut = true;
    private bool _isUnmeasured;

    /// <summary>Requests a second; null: as many as there are.</summary>
    public double? Rate { get; private set; }

    /// <summary>Whether requests have to wait at all.</summary>
    public bool IsLimited => Rate is not null || IsPausing;

    /// <summary>A request is on the wire that will tell whether the CRM takes requests again.</summary>
    public bool IsProbing { get; private set; }

    /// <summary>One request at a time, to see whether the CRM takes requests again.</summary>
    private bool IsPausing => _refusedInTurn > 0;

    private double Pause => Math.Min(FirstPause * Math.Pow(2, _refusedInTurn - 1), LongestPause);

    /// <summary>Seconds until the next request may go; none left where it is 0 or less.</summary>
    public double WaitAt(double now) => Math.Max(_pausedUntil, _next) - now;

    /// <summary>Seconds since the CRM began to take nothing.</summary>
    public double PausedFor(double now) => IsPausing ? now - _pausingSince : 0;

    /// <summary>A request goes out.</summary>
    public void Enter(double now)
    {
        if (now - _lastRequest > Rest && !IsPausing)
        {
            (_measuredSince, _taken) = (now, 0);
        }

        _lastRequest = now;
        if (IsPausing)
        {
            (IsProbing, _pausedUntil) = (true, now + Pause);
        }
        else if (Rate is { } rate)
        {
            Rate = Grown(rate, now);
            _next = Math.Max(_next, now - Lateness) + (1 / rate);
        }
    }

    /// <summary>The CRM took a request, whatever it answered.</summary>
    public void Taken(double now, double sent)
    {
        var until = MeasuredUntil(now);
        var measured = until - _measuredSince;
        if (measured > Memory)
        {
            (_measuredSince, _taken) = (until - (measured / 2), _taken / 2);
        }

        _taken++;
        if (sent <= _lastCut)
        {
            return;
        }

        (_wasTakenSinceCut, IsProbing) = (true, false);
        if (IsPausing)
        {
            Resume(now);
        }
        else
        {
            _isUnmeasured = false;
        }
    }

    /// <summary>The CRM refused a request, for that many seconds where it said so.</summary>
    public void Refused(double now, double sent, double wanted)
    {
        _refusedUntil = Math.Max(_refusedUntil, now + wanted);
        if (wanted > 0)
        {
            _pausedUntil = Math.Max(_pausedUntil, now + wanted);
        }

        if (sent <= _lastCut)
        {
            // It was on its way when the pace was cut.
            return;
        }

        var standsAlone = Rate is not null && !IsPausing && _wasTakenSinceCut;
        (_lastCut, _wasTakenSinceCut, IsProbing) = (now, false, false);
        if (standsAlone)
        {
            Lower(Rate!.Value, now);
        }
        else
        {
            _pausingSince = IsPausing ? _pausingSince : now;
            _refusedInTurn++;
            _pausedUntil = Math.Max(_pausedUntil, now + Pause);
        }
    }

    /// <summary>A request got no answer of the CRM's: it tells nothing, and nobody need wait for it any more.</summary>
    public void Unanswered(double sent)
    {
        if (sent > _lastCut)
        {
            IsProbing = false;
        }
    }

    private void Resume(double now)
    {
        var measured = MeasuredUntil(now) - _measuredSince;
        var found = _taken / measured;
        if (_taken <= 1 && !_isUnmeasured)
        {
            // It refused all that there was, and takes requests again: that tells nothing of how many. Once: one that takes
            // single requests would else be run into again and again.
            _isUnmeasured = true;
            _grownAt = now;
        }
        else if (Rate is { } before && measured >= Proven && now - _pausingSince < ShortPause)
        {
            // What was a little too much is often refused twice; while the pace grew, less was taken than could have been.
            Lower(Math.Max(found, before), now);
        }
        else
        {
            SetRate(found * Cut, now, measured < Reliable ? GuessGrowth : FirstGrowth);
        }

        (_measuredSince, _taken) = (now, 0);
        (_refusedInTurn, _pausedUntil, _next) = (0, now, now);
    }

    // That nobody asked it since, for an hour or a night, or that it was away, does not make it a slow one.
    private double MeasuredUntil(double now) => IsPausing ? Math.Min(now, _refusedUntil + Memory) : now;

    private void Lower(double rate, double now) =>
        SetRate(rate * Cut, now, Math.Max(_growth * Refinement, FirstGrowth));

    private void SetRate(double rate, double now, double growth)
    {
        Rate = Math.Max(Slowest, rate);
        _growth = growth;
        _refusedAt = _grownAt = now;
    }

    private double? Grown(double rate, double now)
    {
        var growth = Math.Min(SteepestGrowth, _growth * Math.Pow(2, (now - _refusedAt) / DoublingTime));
        // Only while requests are made: a rest proves nothing.
        var grown = rate * (1 + (growth * Math.Min(now - _grownAt, 1)));
        _grownAt = now;
        return grown < Fastest ? grown : null;
    }
}
