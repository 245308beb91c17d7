using System.Collections.Concurrent;
using CampaignSender.Host.Telemetry;

namespace CampaignSender.Host.Pacing;

/// <summary>The rate limit of each inbox, shared by all replicas.</summary>
internal sealed class InboxPacer(IInboxLimits limits, SenderMetrics metrics, TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, InboxPace> _paces = new();

    /// <summary>Waits until a message may be posted through the inbox.</summary>
    /// <param name="inboxId">The inbox.</param>
    /// <param name="campaignId">Campaigns take turns.</param>
    /// <param name="page">The lower, the sooner.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<Turn> Take(Guid inboxId, Guid campaignId, long page, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var pace = _paces.GetOrAdd(
            inboxId,
            static (id, shared) => new InboxPace(id, shared.Limits, new Random(), shared.Time),
            (Limits: limits, Time: time)
        );
        var turn = await pace.Take(campaignId, page, cancellationToken);
        if (turn.IsLimited)
        {
            metrics.TurnTaken(time.GetElapsedTime(started));
        }

        return turn;
    }
}
