using CampaignSender.Host.Validation;

namespace CampaignSender.Host.Safety;

/// <summary>
/// One campaign in this replica. While many contacts of it fail, what the replicas have seen is put together five times a second;
/// and at once, with nothing posted meanwhile, when the limits are passed here alone.
/// </summary>
internal sealed partial class CampaignSafety(
    Guid campaignId,
    SafetyLimits standard,
    SafetyStore store,
    SafetyStop stop,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan NearInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>While few fail: the limits may have been changed.</summary>
    private static readonly TimeSpan FarInterval = TimeSpan.FromSeconds(5);

    /// <summary>Much longer than between two messages of the slowest inbox.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly OutcomeWindow _window = new();

    /// <summary>What an operator has set; null: nothing.</summary>
    private SafetyLimits? _set;

    /// <summary>How often replicas have paused the campaign; null: not asked yet.</summary>
    private int? _stops;

    /// <summary>What pages see that began before does not count: the campaign was stopped since.</summary>
    private long _countsSince = long.MinValue;

    private Task _judging = Task.CompletedTask;
    private Task _alarm = Task.CompletedTask;
    private long? _judgedAt;
    private long? _seenAt;
    private long _usedAt = time.GetTimestamp();

    /// <summary>When a page of it began, or a contact of it was seen.</summary>
    public long LastUsedAt
    {
        get
        {
            lock (_lock)
            {
                return _usedAt;
            }
        }
    }

    private SafetyLimits Limits => _set ?? standard;

    /// <summary>Ends when the campaign may be posted for as far as it is known here.</summary>
    public Task Judged => Volatile.Read(ref _alarm);

    /// <summary>For a page that begins now.</summary>
    public SafetyWatch Watch()
    {
        lock (_lock)
        {
            _usedAt = time.GetTimestamp();
            return new SafetyWatch(this, _usedAt);
        }
    }

    /// <param name="failureCode">Null: the contact was sent to.</param>
    /// <param name="pageBegan">The timestamp of when its page did.</param>
    public void Saw(string? failureCode, long pageBegan)
    {
        lock (_lock)
        {
            if (pageBegan < _countsSince)
            {
                return;
            }

            ForgetWhatIsOld();
            var now = time.GetTimestamp();
            _seenAt = now;
            _usedAt = now;
            _window.Add(failureCode, Limits.Window);
            if (_window.Failures == 0)
            {
                return;
            }

            var isNear = Limits.AreNear(_window.Outcomes, _window.Failures);
            if (_judging.IsCompleted && IsDue(isNear))
            {
                _judgedAt = now;
                _judging = Judge(_window.Outcomes, _window.Failures);
            }

            // However long the database takes for it, nothing more is posted then.
            Volatile.Write(ref _alarm, isNear ? _judging : Task.CompletedTask);
        }
    }

    // A campaign that comes again: what its last sending met says nothing about this one.
    private void ForgetWhatIsOld()
    {
        if (_seenAt is { } seen && time.GetElapsedTime(seen) > Remembered)
        {
            _window.Clear();
        }
    }

    private bool IsDue(bool isNear) =>
        _judgedAt is not { } judged
        || time.GetElapsedTime(judged) >= (isNear ? NearInterval : FarInterval)
        || Limits.ArePassedBy(_window.Outcomes, _window.Failures);

    private async Task Judge(int outcomes, int failures)
    {
        // Whoever saw the outcome does not wait for it.
        await Task.Yield();
        try
        {
            await JudgeWithOthers(outcomes, failures);
        }
        catch (Exception exception)
        {
            // The next failure is judged anew.
            LogNotJudged(logger, FaultLog.StackOf(exception), campaignId, FaultLog.CauseOf(exception));
        }
    }

    private async Task JudgeWithOthers(int outcomes, int failures)
    {
        var asked = time.GetTimestamp();
        var others = await store.Exchange(campaignId, outcomes, failures, _stops, CancellationToken.None);
        lock (_lock)
        {
            _set = SetIn(others);
            var isNews = _stops is { } known && known != others.Stops;
            _stops = others.Stops;
            if (isNews)
            {
                // It may be told of long after, and the answer be under way for long: pages that began when the campaign
                // was resumed count.
                Forgive(asked - Timestamps(others.StoppedAgo ?? TimeSpan.Zero));
                stop.ReadStatusAnew(campaignId);
                return;
            }

            // Those who saw more of them meanwhile left them to this judgement.
            (outcomes, failures) = (_window.Outcomes, _window.Failures);
        }

        var (allOutcomes, allFailures) = (outcomes + (long)others.Outcomes, failures + (long)others.Failures);
        if (Limits.ArePassedBy(allOutcomes, allFailures))
        {
            await Stop(others.Stops, allOutcomes, allFailures);
        }
    }

    private async Task Stop(int stops, long outcomes, long failures)
    {
        string? commonest;
        lock (_lock)
        {
            commonest = _window.CommonestFailure();
        }

        var isOurs = await stop.Pause(campaignId, stops, outcomes, failures, commonest);
        lock (_lock)
        {
            Forgive(time.GetTimestamp());
            _stops = isOurs ? stops + 1 : null;
        }
    }

    // What was before a stop, and what pages from before it still see, is not held against it when it is resumed.
    private void Forgive(long until)
    {
        _window.Clear();
        _countsSince = until;
    }

    private long Timestamps(TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);

    private static SafetyLimits? SetIn(FleetView view) =>
        view is { Window: { } window, MinFailures: { } minFailures, SharePercent: { } share }
            ? new SafetyLimits(window, minFailures, share)
            : null;

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Whether campaign {CampaignId} has to be paused could not be found out: {Reason}"
    )]
    private static partial void LogNotJudged(ILogger logger, Exception? exception, Guid campaignId, string reason);
}
