using System.Globalization;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Commands;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Safety;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed class When_a_campaign_s_state_is_shown
{
    private const string Id = "5b0c1d2e-8f3a-4c6b-9d7e-0a1b2c3d4e5f";

    private static readonly CampaignProgress Moving = new()
    {
        Sent = 600,
        Failed = 0,
        Skipped = 0,
        Pending = 2_350,
        SettledInLastMinute = 600,
        PaceSeconds = 60,
    };

    private static readonly CampaignProgress Resting = Moving with { SettledInLastMinute = 0 };

    [Test]
    public void One_that_the_sender_has_paused_says_so_and_why()
    {
        var at = new DateTime(2026, 11, 29, 9, 30, 0, DateTimeKind.Utc);
        var stop = new SafetyStopRecord(at, 100, 30, "30 of 100", EndedAt: null);

        var text = Describe(Resting, CampaignStatus.Paused, stop: stop);

        Assert.That(
            text,
            Does.Contain("the sender paused it by itself, last at 2026-11-29 09:30:00Z: 30 of 100")
                .And.Contain($"safety show --campaign {Id}")
        );
    }

    [Test]
    public void While_it_sends_the_time_that_is_left_is_estimated() =>
        Assert.That(
            Describe(Moving, CampaignStatus.Sending),
            Does.Contain("10.0 a second in the last minute, at that pace 3 min 55 s left")
        );

    [Test]
    public void While_it_does_not_it_is_not() =>
        Assert.That(
            Describe(Moving, CampaignStatus.Paused),
            Does.Contain("10.0 a second in the last minute").And.Not.Contain("left")
        );

    [Test]
    public void One_that_has_just_begun_is_as_fast_as_it_is() =>
        Assert.That(
            Describe(Moving with { PaceSeconds = 10 }, CampaignStatus.SendingAb),
            Does.Contain("60.0 a second in the last minute, at that pace 40 s left")
        );

    [TestCase(CampaignStatus.Sending, 0, 0L, true)]
    [TestCase(CampaignStatus.Sending, 1, 0L, false)]
    [TestCase(CampaignStatus.Sending, 0, 1L, false)]
    [TestCase(CampaignStatus.Sending, 0, null, false)]
    [TestCase(CampaignStatus.Paused, 0, 0L, false)]
    public void Where_its_pages_are_nowhere_to_be_seen_the_dead_letters_are_pointed_to(
        CampaignStatus status,
        int parked,
        long? waiting,
        bool isPointedTo
    ) =>
        Assert.That(
            Describe(Resting, status, parked, waiting).Contains($"dlq list --campaign {Id}", StringComparison.Ordinal),
            Is.EqualTo(isPointedTo)
        );

    [TestCase("00:00:00", "0 s")]
    [TestCase("00:00:00.2", "1 s")]
    [TestCase("00:03:55", "3 min 55 s")]
    [TestCase("00:05:00", "5 min")]
    [TestCase("02:26:31", "2 h 26 min")]
    [TestCase("1.02:26:00", "1 d 2 h 26 min")]
    public void A_time_is_readable(string time, string expected) =>
        Assert.That(CommandText.Duration(TimeSpan.Parse(time, CultureInfo.InvariantCulture)), Is.EqualTo(expected));

    private static string Describe(
        CampaignProgress contacts,
        CampaignStatus status,
        int parked = 0,
        long? waiting = 0,
        SafetyStopRecord? stop = null
    ) =>
        CampaignStatusCommand.Describe(
            new CampaignState
            {
                CampaignId = Guid.Parse(Id),
                Status = status,
                SafetyStop = stop,
                Contacts = contacts,
                Failures = [],
                ParkedPages = parked == 0 ? [] : [new ParkedCount("crm_unavailable", parked, 1, 0)],
                WaitingPages = waiting,
            }
        );
}
