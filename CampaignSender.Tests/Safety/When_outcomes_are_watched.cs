using CampaignSender.Host.Safety;
using NUnit.Framework;

namespace CampaignSender.Tests.Safety;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class When_outcomes_are_watched
{
    private readonly OutcomeWindow _window = new();
    private readonly SafetyLimits _limits = new(Window: 200, MinFailures: 100, SharePercent: 50);

    [Test]
    public void Half_of_the_last_ones_is_too_many()
    {
        See(100, failureCode: null);
        See(99, "dispatch_4xx");
        Assert.That(IsPassed, Is.False);

        See(1, "dispatch_4xx");
        Assert.That(IsPassed, Is.True);
    }

    [Test]
    public void A_campaign_that_fails_from_the_start_need_not_fill_the_window()
    {
        See(99, "contact_not_found");
        Assert.That(IsPassed, Is.False);

        See(1, "contact_not_found");
        Assert.That(IsPassed, Is.True);
    }

    [Test]
    public void What_is_older_than_the_window_counts_no_more()
    {
        See(99, "dispatch_4xx");
        See(200, failureCode: null);

        Assert.That((_window.Outcomes, _window.Failures), Is.EqualTo((200, 0)));
    }

    [Test]
    public void The_commonest_failure_is_named()
    {
        See(3, "dispatch_4xx");
        See(2, "contact_not_found");

        Assert.That(_window.CommonestFailure(), Is.EqualTo("dispatch_4xx"));
    }

    [Test]
    public void Nobody_is_paused_where_it_is_turned_off() =>
        Assert.That((_limits with { SharePercent = 0 }).ArePassedBy(200, 200), Is.False);

    private bool IsPassed => _limits.ArePassedBy(_window.Outcomes, _window.Failures);

    private void See(int count, string? failureCode)
    {
        for (var outcome = 0; outcome < count; outcome++)
        {
            _window.Add(failureCode, _limits.Window);
        }
    }
}
