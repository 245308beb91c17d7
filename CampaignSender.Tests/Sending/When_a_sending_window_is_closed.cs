using System.Globalization;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Windows;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

internal sealed class When_a_sending_window_is_closed : SendingTest
{
    private const int InFlight = 4;

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(30);

    /// <summary>From 9 to 11 of a Friday, a Saturday and, after a Sunday and a holiday, a Tuesday that has summer time.</summary>
    private static readonly (DateTimeOffset From, DateTimeOffset To)[] Open =
    [
        (Time("2026-03-27T08:00:00Z"), Time("2026-03-27T10:00:00Z")),
        (Time("2026-03-28T08:00:00Z"), Time("2026-03-28T10:00:00Z")),
        (Time("2026-03-31T07:00:00Z"), Time("2026-03-31T09:00:00Z")),
    ];

    [Test, CancelAfter(120_000)]
    public async Task Nothing_is_posted_outside_of_it_for_days(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 2_000, pageSize: 400, cancellationToken);
        // Slow enough for contacts to be left when it opens for the last time.
        Scene.Crm.Latency = TimeSpan.FromMilliseconds(100);
        var clock = new ShiftedClock(Time("2026-03-27T06:00:00Z"));
        var replica = await Scene.StartReplica(
            clock,
            cancellationToken,
            ("Dispatch:Concurrency", InFlight.ToString(CultureInfo.InvariantCulture))
        );
        await SetWindow(replica, ["mon-sat 09:00-11:00"], cancellationToken, "2026-03-30");
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);
        Assert.That(Scene.Crm.RequestCount, Is.Zero, "requests before it opens");

        var postsWhenOpen = new List<long>();
        var (wasOpen, posts) = (false, 0L);
        while (clock.GetUtcNow() < Time("2026-03-31T12:00:00Z"))
        {
            clock.Advance(Step);
            var atStep = Scene.Crm.PostCount;
            await Scene.AdvanceParked(Step, cancellationToken);
            var now = clock.GetUtcNow();
            var isOpen = Open.Any(open => now >= open.From && now < open.To);
            if (isOpen)
            {
                await Scene.Crm.WaitForPosts((int)atStep + 10, cancellationToken);
            }
            else
            {
                await WaitForParkedOrReported(plan, cancellationToken);
                var allowed = wasOpen ? atStep + InFlight : posts;
                Assert.That(Scene.Crm.PostCount, Is.LessThanOrEqualTo(allowed), $"posts at {now:u}");
            }

            if (wasOpen && !isOpen)
            {
                postsWhenOpen.Add(Scene.Crm.PostCount - postsWhenOpen.Sum());
            }

            (wasOpen, posts) = (isOpen, Scene.Crm.PostCount);
        }

        Assert.That(postsWhenOpen, Has.Count.EqualTo(Open.Length).And.All.GreaterThanOrEqualTo(30));
        Assert.That(Scene.MessagesByContact(plan).Values, Is.All.EqualTo(1), "messages per contact");
    }

    [Test, CancelAfter(60_000)]
    public async Task Pages_come_back_when_the_window_is_changed(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 40, pageSize: 10, cancellationToken);
        var clock = new ShiftedClock(Time("2026-03-27T06:00:00Z"));
        var replica = await Scene.StartReplica(clock, cancellationToken);
        await SetWindow(replica, ["mon-sat 09:00-11:00"], cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);

        // As the command does it.
        await SetWindow(replica, ["mon-sat 06:00-11:00"], cancellationToken);
        var hastened = await replica
            .Services.GetRequiredService<IParkedPages>()
            .Hasten(ParkingReason.WindowClosed, plan.CampaignId, TimeSpan.FromSeconds(5), cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        Assert.That(hastened, Is.EqualTo(plan.PageCount));
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    /// <summary>No page is parked for a whole night by what a replica knew of the window a moment ago.</summary>
    [Test, CancelAfter(60_000)]
    public async Task A_page_that_comes_after_the_change_is_not_parked_for_the_old_one(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 20, pageSize: 10, cancellationToken);
        var clock = new ShiftedClock(Time("2026-03-27T06:00:00Z"));
        var replica = await Scene.StartReplica(clock, cancellationToken);
        await SetWindow(replica, ["mon-sat 09:00-11:00"], cancellationToken);
        await Scene.Broker.Publish(plan.Pages().First(), cancellationToken);
        await Scene.WaitForParked(plan with { ContactIds = [.. plan.ContactIds.Take(10)] }, cancellationToken);

        await SetWindow(replica, ["mon-sat 06:00-11:00"], cancellationToken);
        await Scene.Broker.Publish(plan.Pages().Last(), cancellationToken);

        await Scene.Reports.WaitForPages(plan.CampaignId, 1, cancellationToken);
        Assert.That(Scene.Reports.First.Single().Page, Is.EqualTo(2));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_campaign_can_have_one_of_its_own(CancellationToken cancellationToken)
    {
        var (own, other) = (
            await Prepare(contacts: 10, pageSize: 10, cancellationToken),
            await Prepare(contacts: 10, pageSize: 10, cancellationToken)
        );
        var clock = new ShiftedClock(Time("2026-03-27T06:00:00Z"));
        var replica = await Scene.StartReplica(clock, cancellationToken);
        await SetWindow(replica, ["mon-sat 09:00-11:00"], cancellationToken);
        await replica
            .Services.GetRequiredService<ISendingWindows>()
            .Set(own.CampaignId, Window(["mon-sun 00:00-24:00"]), cancellationToken);

        await Scene.Publish(own, cancellationToken);
        await Scene.Publish(other, cancellationToken);
        await Scene.WaitForReports(own, cancellationToken);
        await Scene.WaitForParked(other, cancellationToken);

        await Scene.AssertEverybodyGotOne(own, cancellationToken);
        Assert.That(Scene.MessagesByContact(other), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task One_that_cannot_be_read_sends_nothing_and_says_so(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await replica
            .Services.GetRequiredService<ISendingWindows>()
            .Set(plan.CampaignId, Window(["whenever"]), cancellationToken);

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);

        await replica.Log.WaitFor("its sending window cannot be read: expected days and hours", cancellationToken);
        Assert.That(Scene.Crm.RequestCount, Is.Zero);
    }

    private Task WaitForParkedOrReported(CampaignPlan plan, CancellationToken cancellationToken) =>
        Eventually.Holds(
            async () => await Scene.Rows.CountParked(cancellationToken) + Scene.Reports.First.Count >= plan.PageCount,
            cancellationToken
        );

    private static Task SetWindow(
        RunningReplica replica,
        string[] hours,
        CancellationToken cancellationToken,
        params string[] holidays
    ) =>
        replica
            .Services.GetRequiredService<ISendingWindows>()
            .Set(campaignId: null, Window(hours, holidays), cancellationToken);

    private static WindowSetting Window(string[] hours, params string[] holidays) =>
        new()
        {
            Zone = "Europe/Berlin",
            Hours = hours,
            Holidays = holidays,
        };

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
