using CampaignSender.Host.Configuration;
using CampaignSender.Tests.Sending;
using NUnit.Framework;

namespace CampaignSender.Tests.Configuration;

internal sealed class When_the_clock_is_set
{
    [TestCase(-1), TestCase(1)]
    public void What_is_measured_by_the_time_of_day_goes_on(int hours)
    {
        var clock = new ShiftedClock(TimeProvider.System.GetUtcNow());
        var steady = new SteadyTime(clock);
        var before = steady.UtcNow;

        clock.Advance(TimeSpan.FromHours(hours));

        Assert.That(steady.UtcNow, Is.GreaterThanOrEqualTo(before).And.LessThan(before.AddMinutes(30)));
    }
}
