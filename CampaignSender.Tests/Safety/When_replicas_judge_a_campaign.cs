using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Safety;
using CampaignSender.Host.Telemetry;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Tests.Database;
using CampaignSender.Tests.Servers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Safety;

/// <summary>The rows that they share, in a real database and by its clock.</summary>
internal sealed class When_replicas_judge_a_campaign : DatabaseTest
{
    private const int FewerThanStop = 70;

    private SafetyStore _one = null!;
    private SafetyStore _other = null!;
    private Guid _campaignId;

    [SetUp]
    public async Task Begin()
    {
        _one = Replica();
        _other = Replica();
        _campaignId = (await Insert(contacts: 1, CancellationToken.None)).CampaignId;
    }

    [Test, CancelAfter(10_000)]
    public async Task Each_is_told_what_the_others_have_seen_and_not_its_own(CancellationToken cancellationToken)
    {
        await _other.Exchange(_campaignId, 10, 5, stops: null, cancellationToken);
        await _one.Exchange(_campaignId, 20, 7, stops: null, cancellationToken);

        Assert.That(await Others(stops: 0, cancellationToken), Is.EqualTo((10, 5)));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_was_seen_long_ago_counts_no_more(CancellationToken cancellationToken)
    {
        await _other.Exchange(_campaignId, 10, 5, stops: 0, cancellationToken);

        await Execute(
            "UPDATE campaign_sender_safety_windows SET seen_at = seen_at - interval '6 minutes'",
            new { },
            cancellationToken
        );

        Assert.That(await Others(stops: 0, cancellationToken), Is.EqualTo((0, 0)));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_was_seen_before_a_stop_is_forgiven(CancellationToken cancellationToken)
    {
        await _other.Exchange(_campaignId, 10, 5, stops: 0, cancellationToken);
        Assert.That(await Stop(stops: 0, cancellationToken));

        Assert.That(await Others(stops: 1, cancellationToken), Is.EqualTo((0, 0)));
        await _other.Exchange(_campaignId, 3, 2, stops: 1, cancellationToken);
        Assert.That(await Others(stops: 1, cancellationToken), Is.EqualTo((3, 2)));
    }

    [TestCase(CampaignStatus.Paused)]
    [TestCase(CampaignStatus.Stopped)]
    [TestCase(CampaignStatus.Completed)]
    [CancelAfter(10_000)]
    public async Task One_that_does_not_send_is_left_as_it_is(
        CampaignStatus status,
        CancellationToken cancellationToken
    )
    {
        await Campaigns.SetStatus(_campaignId, (int)status, cancellationToken);

        Assert.That(await Stop(stops: 0, cancellationToken), Is.False);
        Assert.That(await Status(cancellationToken), Is.EqualTo(status));
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_was_resumed_is_not_paused_for_what_led_to_the_last_stop(
        CancellationToken cancellationToken
    )
    {
        Assert.That(await Stop(stops: 0, cancellationToken));
        Assert.That(await Status(cancellationToken), Is.EqualTo(CampaignStatus.Paused));
        await Campaigns.SetStatus(_campaignId, CampaignRows.Sending, cancellationToken);

        Assert.That(await Stop(stops: 0, cancellationToken), Is.False);
        Assert.That(await Status(cancellationToken), Is.EqualTo(CampaignStatus.Sending));
        Assert.That(await Stop(stops: 1, cancellationToken));
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_was_paused_is_counted_until_it_is_resumed(CancellationToken cancellationToken)
    {
        Assert.That(await _other.CountRecentStops(cancellationToken), Is.Zero);

        await Stop(stops: 0, cancellationToken);
        Assert.That(await _other.CountRecentStops(cancellationToken), Is.EqualTo(1));
        await Campaigns.SetStatus(_campaignId, CampaignRows.Sending, cancellationToken);
        Assert.That(await _other.CountRecentStops(cancellationToken), Is.Zero);

        await Stop(stops: 1, cancellationToken);
        Assert.That(await _other.CountRecentStops(cancellationToken), Is.EqualTo(1), "of one campaign, paused twice");
    }

    [Test, CancelAfter(10_000)]
    public async Task A_pause_of_somebody_else_after_it_was_resumed_is_none_of_the_senders(
        CancellationToken cancellationToken
    )
    {
        await Stop(stops: 0, cancellationToken);
        await _one.CountRecentStops(cancellationToken);
        var paused = await _one.LastStop(_campaignId, cancellationToken);
        await Campaigns.SetStatus(_campaignId, CampaignRows.Sending, cancellationToken);
        await _one.CountRecentStops(cancellationToken);

        await Campaigns.SetStatus(_campaignId, CampaignRows.Paused, cancellationToken);

        Assert.That(await _other.CountRecentStops(cancellationToken), Is.Zero);
        Assert.That(paused?.EndedAt, Is.Null);
        Assert.That((await _one.LastStop(_campaignId, cancellationToken))?.EndedAt, Is.Not.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_was_paused_long_ago_is_left_at_that(CancellationToken cancellationToken)
    {
        await Stop(stops: 0, cancellationToken);

        await Execute(
            "UPDATE campaign_sender_safety_stops SET stopped_at = stopped_at - interval '25 hours'",
            new { },
            cancellationToken
        );

        Assert.That(await _one.CountRecentStops(cancellationToken), Is.Zero);
    }

    [Test, CancelAfter(10_000)]
    public async Task Posts_that_were_on_the_wire_at_the_stop_are_not_held_against_it(
        CancellationToken cancellationToken
    )
    {
        await using var services = Services();
        var monitor = services.GetRequiredService<SafetyMonitor>();
        var before = monitor.Watch(_campaignId);
        while (await Status(cancellationToken) is not CampaignStatus.Paused)
        {
            await SawFailures(before, 20);
        }

        await SawFailures(before, FewerThanStop);
        await Campaigns.SetStatus(_campaignId, CampaignRows.Sending, cancellationToken);
        var after = monitor.Watch(_campaignId);
        await SawFailures(after, FewerThanStop);
        await SawFailures(after, 1);

        Assert.That(await Status(cancellationToken), Is.EqualTo(CampaignStatus.Sending));
    }

    [Test, CancelAfter(20_000)]
    public async Task Who_learns_of_a_stop_after_the_resume_counts_from_the_resume_on(
        CancellationToken cancellationToken
    )
    {
        var time = new FakeTimeProvider();
        await using var services = Services(time);
        var monitor = services.GetRequiredService<SafetyMonitor>();
        await SawFailures(monitor.Watch(_campaignId), 20);
        Assert.That(await Stop(stops: 0, cancellationToken));
        await Campaigns.SetStatus(_campaignId, CampaignRows.Sending, cancellationToken);

        time.Advance(TimeSpan.FromMinutes(1));
        var page = monitor.Watch(_campaignId);
        await using (var connection = await Source.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await connection.ExecuteAsync("SELECT FROM campaign_sender_safety_windows FOR UPDATE", transaction);
            var told = SawFailures(page, 20);
            await Eventually.Blocks(connection, cancellationToken);
            // For so long the answer is under way.
            time.Advance(TimeSpan.FromMinutes(1));
            await transaction.RollbackAsync(cancellationToken);
            await told;
        }

        while (await Status(cancellationToken) is not CampaignStatus.Paused)
        {
            await SawFailures(page, 20);
        }
    }

    [TestCase(1, true)]
    [TestCase(168, false)]
    [CancelAfter(10_000)]
    public async Task What_was_seen_in_a_sending_long_ago_is_not_held_against_the_next(
        int minutesOrHours,
        bool isPaused,
        CancellationToken cancellationToken
    )
    {
        var time = new FakeTimeProvider();
        await using var services = Services(time);
        var watch = services.GetRequiredService<SafetyMonitor>().Watch(_campaignId);
        for (var sent = 0; sent < 100; sent++)
        {
            watch.Saw(failureCode: null);
        }

        await SawFailures(watch, 79);
        time.Advance(isPaused ? TimeSpan.FromMinutes(minutesOrHours) : TimeSpan.FromHours(minutesOrHours));
        for (var failure = 0; failure < 3; failure++)
        {
            await SawFailures(watch, 1);
        }

        Assert.That(
            await Status(cancellationToken),
            Is.EqualTo(isPaused ? CampaignStatus.Paused : CampaignStatus.Sending)
        );
    }

    [Test, CancelAfter(20_000)]
    public async Task Nothing_is_posted_until_the_database_has_judged(CancellationToken cancellationToken)
    {
        await using var services = Services();
        var watch = services.GetRequiredService<SafetyMonitor>().Watch(_campaignId);

        await SawFailuresWhileTheDatabaseWaits(watch, FewerThanStop, cancellationToken);
    }

    [Test, CancelAfter(20_000)]
    public async Task What_is_seen_while_the_database_judges_counts(CancellationToken cancellationToken)
    {
        await using var services = Services();
        var watch = services.GetRequiredService<SafetyMonitor>().Watch(_campaignId);

        await SawFailuresWhileTheDatabaseWaits(watch, 2 * FewerThanStop, cancellationToken);

        Assert.That(await Status(cancellationToken), Is.EqualTo(CampaignStatus.Paused));
    }

    private async Task SawFailuresWhileTheDatabaseWaits(
        SafetyWatch watch,
        int count,
        CancellationToken cancellationToken
    )
    {
        Task judged;
        await using (var connection = await Source.OpenConnectionAsync(cancellationToken))
        await using (await connection.BeginTransactionAsync(cancellationToken))
        {
            await connection.ExecuteAsync("LOCK TABLE campaign_sender_safety_windows");
            judged = SawFailures(watch, count);
            Assert.That(judged.IsCompleted, Is.False);
        }

        await judged;
    }

    private ServiceProvider Services(TimeProvider? time = null) =>
        new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton(Source)
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton<SenderMetrics>()
            .AddCampaigns()
            .AddSafety()
            .BuildServiceProvider();

    private static async Task SawFailures(SafetyWatch watch, int count)
    {
        for (var failure = 0; failure < count; failure++)
        {
            watch.Saw("dispatch_4xx");
        }

        await watch.Judged;
    }

    private SafetyStore Replica() => new(Source, Options.Create(new SafetyOptions()));

    private Task<bool> Stop(int stops, CancellationToken cancellationToken) =>
        _one.Stop(_campaignId, stops, outcomes: 200, failures: 100, "too many", cancellationToken);

    private async Task<(int Outcomes, int Failures)> Others(int stops, CancellationToken cancellationToken)
    {
        var view = await _one.Exchange(_campaignId, 20, 7, stops, cancellationToken);
        return (view.Outcomes, view.Failures);
    }

    private async Task<CampaignStatus> Status(CancellationToken cancellationToken) =>
        (await new CampaignStore(Source).Find(_campaignId, cancellationToken))!.Status;
}
