using CampaignSender.Host.Pacing;
using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

/// <summary>
/// Slows all requests of this replica down to what the CRM takes, as soon as it refuses one (429, or a 422 for requests
/// that collided). While it refuses none nothing waits here.
/// </summary>
internal sealed partial class CrmThrottle(
    IOptions<DispatchOptions> options,
    TimeProvider time,
    SenderMetrics metrics,
    ILogger<CrmThrottle> logger
) : IDisposable
{
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// A CRM that counts by the minute takes nothing for that long. When it is over nobody waits in memory any more: pages
    /// park, and one that comes back asks.
    /// </summary>
    private readonly TimeSpan _patience = options.Value.BackoffCap * 2;

    private readonly Lock _lock = new();
    private readonly RequestPace _pace = new();

    /// <summary>One waits for its time, the others for their turn.</summary>
    private readonly SemaphoreSlim _turnstile = new(1);

    /// <summary>Of those that wait for nothing else but their time one stands before the turnstile.</summary>
    private readonly SemaphoreSlim _patient = new(1);

    private TaskCompletionSource _changed = NewChange();

    /// <summary>Waits until a request may be made; false: the CRM wants none for longer than is worth a wait.</summary>
    public ValueTask<bool> Enter(CancellationToken cancellationToken) =>
        TryEnterUnlimited() ? ValueTask.FromResult(true) : EnterPatiently(cancellationToken);

    /// <summary>
    /// The same ahead of all others, for a message: the turn that it has of its inbox runs out within a second, and is lost to
    /// the inbox then. With a <paramref name="turn"/> it is too late when that has run out; without one it never is.
    /// </summary>
    public ValueTask<ThrottleVerdict> EnterAhead(Turn? turn, CancellationToken cancellationToken)
    {
        if (turn is { IsValid: false })
        {
            return ValueTask.FromResult(ThrottleVerdict.TooLate);
        }

        return TryEnterUnlimited()
            ? ValueTask.FromResult(ThrottleVerdict.Granted)
            : EnterInTurn(turn, cancellationToken);
    }

    public void Answered(CrmAnswer answer, long sent)
    {
        if (answer.Kind is CrmAnswerKind.Throttled)
        {
            metrics.RequestThrottled();
        }

        lock (_lock)
        {
            var (wasLimited, rate, wasProbing) = (_pace.IsLimited, _pace.Rate, _pace.IsProbing);
            if (answer.Kind is CrmAnswerKind.Throttled)
            {
                _pace.Refused(Now(), Seconds(sent), Wanted(answer.RetryAfter));
            }
            else if (answer.IsAnswered)
            {
                _pace.Taken(Now(), Seconds(sent));
            }
            else
            {
                _pace.Unanswered(Seconds(sent));
            }

            Tell(wasLimited, rate);
            if (wasProbing && !_pace.IsProbing)
            {
                SignalChange();
            }
        }
    }

    public void Dispose()
    {
        _turnstile.Dispose();
        _patient.Dispose();
    }

    private bool TryEnterUnlimited()
    {
        lock (_lock)
        {
            if (!_pace.IsLimited)
            {
                _pace.Enter(Now());
                return true;
            }

            return false;
        }
    }

    private async ValueTask<bool> EnterPatiently(CancellationToken cancellationToken)
    {
        await _patient.WaitAsync(cancellationToken);
        try
        {
            return await EnterInTurn(turn: null, cancellationToken) is ThrottleVerdict.Granted;
        }
        finally
        {
            _patient.Release();
        }
    }

    private async ValueTask<ThrottleVerdict> EnterInTurn(Turn? turn, CancellationToken cancellationToken)
    {
        await _turnstile.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                var (verdict, wait, changed) = TryEnter(turn);
                if (verdict is { } given)
                {
                    return given;
                }

                await Delay(wait, changed, cancellationToken);
            }
        }
        finally
        {
            _turnstile.Release();
        }
    }

    /// <summary>Whether a request may be made, or how long to wait before there is a verdict.</summary>
    private (ThrottleVerdict? Verdict, TimeSpan Wait, Task Changed) TryEnter(Turn? turn)
    {
        lock (_lock)
        {
            var now = Now();
            var wait = _pace.WaitAt(now);
            if (wait > 0)
            {
                // Who is turned away takes its page along, and with it the request that would tell that all is well again.
                var isVain = _pace.PausedFor(now) > _patience.TotalSeconds && !_pace.IsProbing;
                return (isVain ? ThrottleVerdict.Held : null, TimeSpan.FromSeconds(wait), _changed.Task);
            }

            // While the CRM refuses, one request goes out now and then, and the others wait for what becomes of it.
            if (turn is { IsValid: false })
            {
                return (ThrottleVerdict.TooLate, TimeSpan.Zero, Task.CompletedTask);
            }

            var (wasLimited, rate) = (_pace.IsLimited, _pace.Rate);
            _pace.Enter(now);
            Tell(wasLimited, rate);
            return (ThrottleVerdict.Granted, TimeSpan.Zero, Task.CompletedTask);
        }
    }

    /// <summary>Until the time has come, or until it may have come earlier than was thought.</summary>
    private async Task Delay(TimeSpan wait, Task changed, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(wait > ShortestDelay ? wait : ShortestDelay, time, done.Token), changed);
        await done.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Tell(bool wasLimited, double? rate)
    {
        if (_pace.IsLimited && !wasLimited)
        {
            LogSlowed(logger);
        }
        else if (wasLimited && !_pace.IsLimited)
        {
            LogFree(logger);
        }

        if (_pace.Rate != rate)
        {
            metrics.CrmPaceChanged(_pace.Rate);
            SignalChange();
        }
    }

    private void SignalChange()
    {
        var changed = _changed;
        _changed = NewChange();
        changed.SetResult();
    }

    /// <summary>A CRM that asks for an hour does not get it: one request after our patience finds out.</summary>
    private double Wanted(TimeSpan? retryAfter) =>
        retryAfter is { } asked ? Math.Min(asked.TotalSeconds, _patience.TotalSeconds) : 0;

    private double Now() => Seconds(time.GetTimestamp());

    private double Seconds(long timestamp) => (double)timestamp / time.TimestampFrequency;

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The CRM refuses requests (429) or lets them collide (422): all are slowed down to what it takes"
    )]
    private static partial void LogSlowed(ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The CRM has refused no request for long: none waits any more"
    )]
    private static partial void LogFree(ILogger logger);
}
