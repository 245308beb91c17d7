using System.Collections.Concurrent;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>
/// Publishes the pages as evo-flow's packer does: a part at once and the others while things break. One whose confirmation
/// is lost is published again.
/// </summary>
internal sealed class PageFeed(ICampaignBroker broker, Patience patience, ChaosLog log, TimeProvider time)
{
    private const double AtOnce = 0.1;

    /// <summary>The part of the run's time after which all are published.</summary>
    private const double Until = 0.9;

    private readonly ConcurrentQueue<PlannedMessage> _published = new();

    public async Task Publish(
        IReadOnlyList<PlannedMessage> messages,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        var first = (int)(AtOnce * messages.Count);
        var step = Until * duration / Math.Max(1, messages.Count - first);
        foreach (var (number, message) in messages.Index())
        {
            if (Math.Max(0, number - first) * step - log.Elapsed is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            await Publish(message, cancellationToken);
            _published.Enqueue(message);
        }

        log.Tell($"all {messages.Count} messages are published");
    }

    /// <summary>Once more all pages that have come and are not reported, as a broker may at any time.</summary>
    public async Task DeliverAgain(IEnumerable<CampaignsTracked> reports, CancellationToken cancellationToken)
    {
        var reported = reports.Select(report => (report.CampaignId, report.Page)).ToHashSet();
        foreach (var message in _published.ToArray())
        {
            if (message.Page is { } page && !reported.Contains((page.CampaignId, page.Page)))
            {
                await Publish(message, cancellationToken);
            }
        }
    }

    private Task Publish(PlannedMessage message, CancellationToken cancellationToken) =>
        patience.Insist(token => broker.Publish(Topics.Send, message.Body, token), cancellationToken);
}
