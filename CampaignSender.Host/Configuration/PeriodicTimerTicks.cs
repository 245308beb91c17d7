namespace CampaignSender.Host.Configuration;

internal static class PeriodicTimerTicks
{
    /// <summary>
    /// Whether to go on: false when <paramref name="cancellationToken"/> ended the wait, and the timer with it. The timer's
    /// own wait throws then, and for that exception .NET reads source lines from symbol files.
    /// </summary>
    public static async ValueTask<bool> NextTick(this PeriodicTimer timer, CancellationToken cancellationToken)
    {
        await using var stop = cancellationToken.UnsafeRegister(_ => timer.Dispose(), null);
        return await timer.WaitForNextTickAsync(CancellationToken.None);
    }
}
