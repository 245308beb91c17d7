using NUnit.Framework;

namespace CampaignSender.Tests.Servers;

/// <summary>For what other processes do and give no signal of.</summary>
internal static class Eventually
{
    public static async Task Holds(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.That(TimeProvider.System.GetElapsedTime(start), Is.LessThan(limit), "It has not come true in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }
}
