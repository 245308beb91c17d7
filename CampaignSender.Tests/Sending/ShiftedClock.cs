namespace CampaignSender.Tests.Sending;

/// <summary>Tells another time than it is; waits last as long as they do.</summary>
internal sealed class ShiftedClock(DateTimeOffset start) : TimeProvider
{
    private long _shift = (start - System.GetUtcNow()).Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _shift));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _shift, time.Ticks);
}
