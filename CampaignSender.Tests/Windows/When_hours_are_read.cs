using CampaignSender.Host.Windows;
using NodaTime;
using NUnit.Framework;

namespace CampaignSender.Tests.Windows;

internal sealed class When_hours_are_read
{
    [TestCase("mon 09:00-20:00", "2026-03-02T09:00", true)]
    [TestCase("mon 09:00-20:00", "2026-03-02T08:59", false)]
    [TestCase("mon 09:00-20:00", "2026-03-02T19:59", true)]
    [TestCase("mon 09:00-20:00", "2026-03-02T20:00", false)]
    [TestCase("MON-fri  09:00-20:00 ", "2026-03-06T12:00", true)]
    [TestCase("mon-fri 09:00-20:00", "2026-03-07T12:00", false)]
    [TestCase("mon,wed-thu 09:00-20:00", "2026-03-03T12:00", false)]
    [TestCase("mon,wed-thu 09:00-20:00", "2026-03-05T12:00", true)]
    [TestCase("sat-mon 00:00-24:00", "2026-03-01T23:59", true)]
    [TestCase("sat-mon 00:00-24:00", "2026-03-03T00:00", false)]
    public void They_contain_what_they_say(string hours, string time, bool isContained) =>
        Assert.That(
            OpenHours.Parse(hours)!.Contain(LocalDateTime.FromDateTime(DateTime.Parse(time, null))),
            Is.EqualTo(isContained)
        );

    [TestCase("")]
    [TestCase("09:00-20:00")]
    [TestCase("mon 9-20")]
    [TestCase("mon-foo 09:00-20:00")]
    [TestCase("mon 20:00-09:00")]
    [TestCase("mon 09:00-09:00")]
    [TestCase("mon 09:00-24:15")]
    [TestCase("mon 09:05-20:00")]
    [TestCase("mon 09:00-20:00, tue 09:00-20:00")]
    public void Anything_else_is_none(string hours) => Assert.That(OpenHours.Parse(hours), Is.Null);

    [TestCase("Mars/Olympus", "mon 09:00-20:00", "2026-12-25", "expected a time zone")]
    [TestCase("Europe/Berlin", "always", "2026-12-25", "expected days and hours")]
    [TestCase("Europe/Berlin", "mon 09:00-20:00", "25.12.2026", "expected a day")]
    public void A_window_that_cannot_be_read_says_what_was_expected(
        string zone,
        string hours,
        string holiday,
        string expected
    ) =>
        Assert.That(
            () =>
                SendingWindow.From(
                    new WindowSetting
                    {
                        Zone = zone,
                        Hours = [hours],
                        Holidays = [holiday],
                    }
                ),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(expected)
        );
}
