using CampaignSender.Host.Windows;
using NUnit.Framework;

namespace CampaignSender.Tests.Windows;

internal sealed class When_a_window_opens
{
    [TestCase("2026-03-27T18:59:59Z", true, TestName = "Open until the hours end")]
    [TestCase("2026-03-27T19:00:00Z", false, TestName = "Closed from then on")]
    [TestCase("2026-03-31T07:00:00Z", true, TestName = "An hour earlier in summer")]
    [TestCase("2026-03-30T07:00:00Z", false, TestName = "Closed on a holiday")]
    [TestCase("2026-03-28T12:00:00Z", false, TestName = "Closed on a Saturday")]
    public void It_goes_by_the_clocks_of_its_zone(string now, bool isOpen) =>
        Assert.That(Berlin().IsOpen(Time(now)), Is.EqualTo(isOpen));

    [TestCase("2026-03-27T07:59:59Z", "2026-03-27T08:00:00Z", TestName = "The same day")]
    [TestCase("2026-03-27T19:00:00Z", "2026-03-31T07:00:00Z", TestName = "Over weekend, clock change and holiday")]
    public void The_next_opening_is_found(string now, string opening) =>
        Assert.That(Berlin().NextOpening(Time(now)), Is.EqualTo(Time(opening)));

    /// <summary>Berlin's clocks go from 03:00 back to 02:00 on 25 October: 02:30 comes twice.</summary>
    [Test]
    public void Hours_that_come_twice_are_open_twice()
    {
        var window = Window("Europe/Berlin", ["sun 02:30-02:45"]);

        Assert.That(window.NextOpening(Time("2026-10-24T12:00:00Z")), Is.EqualTo(Time("2026-10-25T00:30:00Z")));
        Assert.That(window.NextOpening(Time("2026-10-25T00:45:00Z")), Is.EqualTo(Time("2026-10-25T01:30:00Z")));
    }

    /// <summary>Berlin's clocks go from 02:00 to 03:00 on 29 March: there is no 02:30.</summary>
    [Test]
    public void Hours_that_do_not_come_are_left_out()
    {
        var window = Window("Europe/Berlin", ["sun 02:30-03:15"]);

        Assert.That(window.NextOpening(Time("2026-03-28T12:00:00Z")), Is.EqualTo(Time("2026-03-29T01:00:00Z")));
    }

    [Test]
    public void A_window_that_never_opens_has_no_next_opening() =>
        Assert.That(SendingWindow.Closed.NextOpening(Time("2026-03-28T12:00:00Z")), Is.Null);

    [Test]
    public void Between_now_and_the_next_opening_it_is_closed(
        [Values("America/Sao_Paulo", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns")]
            string zone
    )
    {
        var window = Window(zone, ["mon-fri 08:45-20:00", "sat 10:00-13:30", "sun 00:00-02:15"], "2026-12-25");
        var quarter = TimeSpan.FromMinutes(15);
        var end = Time("2027-01-01T00:00:00Z");
        var wasOpen = false;
        var opening = window.NextOpening(Time("2026-01-01T00:00:00Z") - quarter);
        for (var now = Time("2026-01-01T00:00:00Z"); now < end; now += quarter)
        {
            var isOpen = window.IsOpen(now);
            if (isOpen && !wasOpen)
            {
                Assert.That(now, Is.EqualTo(opening), "opens");
            }

            if (!isOpen && wasOpen)
            {
                opening = window.NextOpening(now);
            }

            wasOpen = isOpen;
        }
    }

    private static SendingWindow Berlin() => Window("Europe/Berlin", ["mon-fri 09:00-20:00"], "2026-03-30");

    private static SendingWindow Window(string zone, string[] hours, params string[] holidays) =>
        SendingWindow.From(
            new WindowSetting
            {
                Zone = zone,
                Hours = hours,
                Holidays = holidays,
            }
        );

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, null);
}
