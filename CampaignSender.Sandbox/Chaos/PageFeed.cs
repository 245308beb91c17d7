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

    public async Task Publish(IReadOnlyList<byte[]> messages, TimeSpan duration, CancellationToken cancellationToken)
    {
        var first = (int)(AtOnce * messages.Count);
        var step = Until * duration / Math.Max(1, messages.Count - first);
        foreach (var (number, message) in messages.Index())
        {
            if (Math.Max(0, number - first) * step - log.Elapsed is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            await patience.Insist(token => broker.Publish(Topics.Send, message, token), cancellationToken);
        }

        log.Tell($"all {messages.Count} messages are published");
    }
}
