using Microsoft.Extensions.Internal;

namespace CampaignSender.Host.Configuration;

/// <summary>
/// For libraries that measure by the time of day: that of the start and what has passed since. A clock that is set back must
/// not make them believe what they know for longer.
/// </summary>
internal sealed class SteadyTime(TimeProvider time) : TimeProvider, ISystemClock
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();

    public DateTimeOffset UtcNow => GetUtcNow();

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _start + time.GetElapsedTime(_started);

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
