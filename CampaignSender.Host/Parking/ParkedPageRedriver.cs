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

    /// <summary>So many times what a look takes, the next one waits: of ten thousand parked pages one takes 20 ms and more.</summary>
    private const int RestAfterLook = 200;

    /// <summary>A database that was slow once holds no page up for longer.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);

    private TimeSpan _lookTime;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Migrated.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.PollInterval, time);
        do
        {
            var isQuiet = await TryRedrive(stoppingToken);
            timer.Period = Pause(isQuiet);
        } while (await timer.NextTick(stoppingToken));
    }

    private TimeSpan Pause(bool isQuiet)
    {
        var interval = isQuiet ? options.Value.PollInterval * QuietIntervals : options.Value.PollInterval;
        var rest = TimeSpan.FromTicks(Math.Min((_lookTime * RestAfterLook).Ticks, LongestRest.Ticks));
        return interval > rest ? interval : rest;
    }

    /// <summary>Tells whether nothing is parked.</summary>
    private async Task<bool> TryRedrive(CancellationToken stoppingToken)
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

            return counts.Count == 0;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(
                logger,
                FaultLog.StackOf(exception),
                FaultLog.CauseOf(exception),
                options.Value.PollInterval.TotalSeconds
            );
            return false;
        }
    }

    private async Task<IReadOnlyList<ParkedCount>> Count(CancellationToken cancellationToken)
    {
        try
        {
            var began = time.GetTimestamp();
            var counts = await store.CountByReason(cancellationToken);
            _lookTime = time.GetElapsedTime(began);
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
