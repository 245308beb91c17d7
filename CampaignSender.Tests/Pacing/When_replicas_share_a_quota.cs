using System.Diagnostics.Metrics;
using CampaignSender.Host.Pacing;
using CampaignSender.Host.Telemetry;
using CampaignSender.Tests.Database;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace CampaignSender.Tests.Pacing;

/// <summary>The rows that they share, in a real database and by its clock.</summary>
internal sealed class When_replicas_share_a_quota : DatabaseTest
{
    private Guid _inboxId;

    [SetUp]
    public void Begin() => _inboxId = Guid.NewGuid();

    [Test, CancelAfter(60_000)]
    public async Task All_of_it_is_given_out_and_no_more(CancellationToken cancellationToken)
    {
        var quotas = new QuotaStore(Source);
        await quotas.Set(_inboxId, 1_000, TimeSpan.FromHours(24), cancellationToken);

        var reserved = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReserveAll(quotas, cancellationToken)));

        var use = await quotas.Read(_inboxId, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reserved.Sum(), Is.EqualTo(1_000));
            Assert.That(use!.IsUsedUp);
            Assert.That(use.FreesIn, Is.GreaterThan(TimeSpan.FromHours(24)).And.LessThan(TimeSpan.FromHours(25)));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_replica_that_freezes_while_it_reserves_holds_up_the_others_for_seconds(
        CancellationToken cancellationToken
    )
    {
        var quotas = new QuotaStore(Source);
        await quotas.Set(_inboxId, 40, TimeSpan.FromHours(24), cancellationToken);
        await using var frozen = await Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await frozen.BeginTransactionAsync(cancellationToken);
        await frozen.ExecuteAsync(QuotaSql.Lock, new { inboxId = _inboxId }, transaction);

        Assert.That(await quotas.Reserve(_inboxId, cancellationToken), Is.Not.Null);
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_given_back_can_be_used(CancellationToken cancellationToken)
    {
        var quotas = new QuotaStore(Source);
        await quotas.Set(_inboxId, 40, TimeSpan.FromHours(24), cancellationToken);
        var reservation = (await quotas.Reserve(_inboxId, cancellationToken))!;

        await quotas.GiveBack(_inboxId, reservation, cancellationToken);

        Assert.That((await quotas.Read(_inboxId, cancellationToken))!.Used, Is.Zero);
        Assert.That(await ReserveAll(quotas, cancellationToken), Is.EqualTo(40));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_a_replica_that_stops_has_not_used_can_be_used_by_others(CancellationToken cancellationToken)
    {
        var quotas = new QuotaStore(Source);
        await quotas.Set(_inboxId, 1_000, TimeSpan.FromHours(24), cancellationToken);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new SenderMetrics(services.GetRequiredService<IMeterFactory>());
        await using (
            var keeper = new QuotaKeeper(quotas, metrics, TimeProvider.System, NullLogger<QuotaKeeper>.Instance)
        )
        {
            Assert.That((await keeper.Take(_inboxId, cancellationToken)).IsGranted);
        }

        Assert.That((await quotas.Read(_inboxId, cancellationToken))!.Used, Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_was_used_counts_until_the_window_has_passed(CancellationToken cancellationToken)
    {
        var quotas = new QuotaStore(Source);
        await quotas.Set(_inboxId, 100, TimeSpan.FromHours(24), cancellationToken);
        var first = (await quotas.Reserve(_inboxId, cancellationToken))!;

        await Pass(TimeSpan.FromHours(23), cancellationToken);
        var second = (await quotas.Reserve(_inboxId, cancellationToken))!;
        Assert.That((await quotas.Read(_inboxId, cancellationToken))!.Used, Is.EqualTo(first.Count + second.Count));

        await Pass(TimeSpan.FromHours(2), cancellationToken);
        Assert.That((await quotas.Read(_inboxId, cancellationToken))!.Used, Is.EqualTo(second.Count));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_quota_that_was_taken_away_counts_nothing(CancellationToken cancellationToken)
    {
        var quotas = new QuotaStore(Source);
        await quotas.Set(_inboxId, 10, TimeSpan.FromHours(1), cancellationToken);
        await ReserveAll(quotas, cancellationToken);

        await quotas.Clear(_inboxId, cancellationToken);

        Assert.That(await quotas.Read(_inboxId, cancellationToken), Is.Null);
        Assert.That(await quotas.Reserve(_inboxId, cancellationToken), Is.Null);
    }

    private Task Pass(TimeSpan time, CancellationToken cancellationToken) =>
        Execute(
            "UPDATE campaign_sender_quota_slots SET ends_at = ends_at - @time WHERE inbox_id = @inboxId",
            new { time, inboxId = _inboxId },
            cancellationToken
        );

    // Neither has the same length all over the year.
    [TestCase("1 day", 24), TestCase("1 month", 30 * 24), CancelAfter(10_000)]
    public async Task A_window_that_was_written_in_days_or_months_is_so_many_hours(
        string window,
        int hours,
        CancellationToken cancellationToken
    )
    {
        var quotas = new QuotaStore(Source);
        await Execute(
            "INSERT INTO campaign_sender_quotas (inbox_id, messages, time_window) VALUES (@inboxId, 5, @window::interval)",
            new { inboxId = _inboxId, window },
            cancellationToken
        );

        Assert.That(await ReserveAll(quotas, cancellationToken), Is.EqualTo(5));
        var use = await quotas.Read(_inboxId, cancellationToken);
        Assert.That(use!.Window, Is.EqualTo(TimeSpan.FromHours(hours)));
        Assert.That(use.FreesIn, Is.GreaterThan(TimeSpan.FromHours(hours - 1)));
    }

    private async Task<int> ReserveAll(QuotaStore quotas, CancellationToken cancellationToken)
    {
        var reserved = 0;
        while (await quotas.Reserve(_inboxId, cancellationToken) is { } reservation)
        {
            reserved += reservation.Count;
        }

        return reserved;
    }
}
