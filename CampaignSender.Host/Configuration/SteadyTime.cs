using Microsoft.Extensions.Internal;

namespace CampaignSender.Host.Configuration;

/// <summary>
/// For libraries that measure by the time of day. A clock that is set back must not make them believe what they know for
/// longer; nor must a machine that is suspended, whose other clock stands still meanwhile. So whichever clock has gone further
/// since the last look counts.
/// </summary>
internal sealed class SteadyTime(TimeProvider time) : TimeProvider, ISystemClock
{
    private readonly Lock _lock = new();
    private DateTimeOffset _now = time.GetUtcNow();
    private DateTimeOffset _wall = time.GetUtcNow();
    private long _timestamp = time.GetTimestamp();

    public DateTimeOffset UtcNow => GetUtcNow();

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            var (wall, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
            var passed = time.GetElapsedTime(_timestamp, timestamp);
            var passedOnWall = wall - _wall;
            (_wall, _timestamp) = (wall, timestamp);
            _now += passed > passedOnWall ? passed : passedOnWall;
            return _now;
        }
    }

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
