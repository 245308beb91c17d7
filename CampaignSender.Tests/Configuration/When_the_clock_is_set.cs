using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Configuration;
using CampaignSender.Tests.Sending;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace CampaignSender.Tests.Configuration;

internal sealed class When_the_clock_is_set
{
    private static readonly TimeSpan Little = TimeSpan.FromMinutes(10);

    private readonly ShiftedClock _clock = new(TimeProvider.System.GetUtcNow());

    [Test]
    public void What_is_known_gets_no_younger_when_it_is_set_back()
    {
        var steady = new SteadyTime(_clock);
        var before = steady.UtcNow;

        _clock.Advance(-TimeSpan.FromHours(1));

        Assert.That(steady.UtcNow, Is.GreaterThanOrEqualTo(before).And.LessThan(before + Little));
    }

    /// <summary>The monotonic clock stands still meanwhile.</summary>
    [Test]
    public void What_is_known_gets_older_while_the_machine_is_suspended()
    {
        var steady = new SteadyTime(_clock);
        var before = steady.UtcNow;

        _clock.Advance(TimeSpan.FromHours(1));
        var after = steady.UtcNow;
        _clock.Advance(-TimeSpan.FromHours(1));

        Assert.That(
            after - before,
            Is.GreaterThanOrEqualTo(TimeSpan.FromHours(1)).And.LessThan(TimeSpan.FromHours(1) + Little)
        );
        Assert.That(steady.UtcNow, Is.GreaterThanOrEqualTo(after).And.LessThan(after + Little));
    }

    [Test]
    public void Campaigns_and_templates_are_remembered_by_it()
    {
        using var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddCampaigns()
            .BuildServiceProvider();

        Assert.That(
            services.GetRequiredService<IOptions<MemoryCacheOptions>>().Value.Clock,
            Is.InstanceOf<SteadyTime>()
        );
    }
}
