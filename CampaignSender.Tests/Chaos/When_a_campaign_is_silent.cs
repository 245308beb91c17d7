using CampaignSender.Sandbox.Chaos;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Chaos;

internal sealed class When_a_campaign_is_silent
{
    private readonly FakeTimeProvider _time = new();
    private readonly Guid _campaignId = Guid.NewGuid();

    [Test]
    public void A_post_is_excused_until_every_replica_has_heard_of_it()
    {
        var silences = new Silences(_time);
        silences.Begin(_campaignId);
        var heard = _time.GetUtcNow() + ReplicaPace.HearingTime;

        Assert.That(silences.Cover(_campaignId, heard), Is.False);
        Assert.That(silences.Cover(_campaignId, heard.AddMilliseconds(1)), Is.True);
        Assert.That(silences.Cover(Guid.NewGuid(), heard.AddMilliseconds(1)), Is.False, "another campaign");
    }

    [Test]
    public void It_ends_when_the_campaign_is_resumed_and_may_begin_again()
    {
        var silences = new Silences(_time);
        silences.Begin(_campaignId);
        _time.Advance(TimeSpan.FromMinutes(1));
        silences.End(_campaignId);
        var resumed = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(1));
        silences.Begin(_campaignId);

        Assert.That(silences.Cover(_campaignId, resumed), Is.False);
        Assert.That(silences.Cover(_campaignId, resumed.AddSeconds(-1)), Is.True);
        Assert.That(silences.Cover(_campaignId, resumed.AddMinutes(2)), Is.True);
    }
}
