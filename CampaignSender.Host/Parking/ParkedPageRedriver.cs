using System.Globalization;
using System.Text.Json;
using CampaignSender.Contracts;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Database;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Parking;

/// <summary>Publishes parked pages again when their time or their campaign's resume comes. Runs on every replica.</summary>
internal sealed partial class ParkedPageRedriver(
    ParkingStore store,
    IPagePublisher publisher,
    DatabaseReadiness database,
    IOptions<ParkingOptions> options,
    SenderMetrics metrics,
    TimeProvider time,
    ILogger<ParkedPageRedriver> logger
) : BackgroundService
{
    private const int BatchSize = 20;

    /// <summary>
    /// While nothing is parked, every so many intervals are enough: what will be is not due at once, and every replica looks.
    /// </summary>
    private const int QuietIntervals = 5;

    /// <summary>For each page that is parked the next look waits so long: it takes PostgreSQL 2 µs, and every replica looks.</summary>
    private static readonly TimeSpan RestPerPage = TimeSpan.FromMilliseconds(0.5);

    /// <summary>That is ten seconds: an outage that is over should be felt soon.</summary>
    private const int MostPagesRestedFor = 20_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Migrated.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.PollInterval, time);
        do
        {
            timer.Period = Pause(await TryRedrive(stoppingToken));
        } while (await timer.NextTick(stoppingToken));
    }

    private TimeSpan Pause(long? parked)
    {
        var interval = parked == 0 ? options.Value.PollInterval * QuietIntervals : options.Value.PollInterval;
        var rest = RestPerPage * Math.Min(parked ?? 0, MostPagesRestedFor);
        return rest > interval ? rest : interval;
    }

    /// <summary>How many pages are parked; null: not known.</summary>
    private async Task<long?> TryRedrive(CancellationToken stoppingToken)
    {
        try
        {
            // One statement while nothing is due: all replicas look, and mostly in vain.
            var counts = await Count(stoppingToken);
            if (counts.Any(count => count.Due > 0))
            {
                while (await store.TakeDue(BatchSize, Settle, stoppingToken) == BatchSize) { }

                counts = await Count(stoppingToken);
            }

            return counts.Sum(count => count.Pages);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(
                logger,
                FaultLog.StackOf(exception),
                FaultLog.CauseOf(exception),
                options.Value.PollInterval.TotalSeconds
            );
            return null;
        }
    }

    private async Task<IReadOnlyList<ParkedCount>> Count(CancellationToken cancellationToken)
    {
        try
        {
            var counts = await store.CountByReason(cancellationToken);
            metrics.ParkedPagesCounted(counts);
            return counts;
        }
        catch
        {
            // The last ones, told on and on, would hide from alerts that nobody can look.
            metrics.ParkedPagesUnknown();
            throw;
        }
    }

    private async Task Settle(ParkedPage page, CancellationToken cancellationToken)
    {
        if (page.HasEnded)
        {
            LogEnded(logger, page.Page, page.CampaignId);
            return;
        }

        try
        {
            await publisher.Publish(page.Body, HeadersOf(page), cancellationToken);
        }
        catch
        {
            metrics.RedriveFailed();
            throw;
        }

        metrics.PageRedriven(page.Reason);
        LogRedriven(logger, page.Page, page.CampaignId, page.Reason, page.Redrives + 1);
    }

    private static Dictionary<string, string> HeadersOf(ParkedPage page)
    {
        var headers = JsonSerializer.Deserialize<Dictionary<string, string>>(page.Headers) ?? [];
        headers[MessageHeaderNames.Redrives] = (page.Redrives + 1).ToString(CultureInfo.InvariantCulture);
        return headers;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Parked pages cannot be published again now: {Reason}; next try in {DelaySeconds:0.0} s"
    )]
    private static partial void LogFailed(ILogger logger, Exception? exception, string reason, double delaySeconds);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Parked page {Page} of campaign {CampaignId} ends with its campaign"
    )]
    private static partial void LogEnded(ILogger logger, int page, Guid campaignId);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Parked page {Page} of campaign {CampaignId} is published again: was {Reason}, redrive {Redrives}"
    )]
    private static partial void LogRedriven(ILogger logger, int page, Guid campaignId, string reason, int redrives);
}
