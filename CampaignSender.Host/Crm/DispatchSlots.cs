using CampaignSender.Host.Pacing;
using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

/// <summary>
/// The bounded pool of requests in flight that all pages of this replica share. Campaigns get slots in turn, so that none
/// starves another. Of one campaign the page that came first goes before the others: pages at one pace would all end, and
/// be recorded, at the same time, with nothing in flight meanwhile.
/// </summary>
internal sealed class DispatchSlots(IOptions<DispatchOptions> options, SenderMetrics metrics)
{
    private readonly Lock _lock = new();
    private readonly CampaignQueue<bool> _waiting = new();
    private int _free = options.Value.Concurrency;
    private long _pages;

    /// <summary>The free ones and those in use.</summary>
    public int Count { get; } = options.Value.Concurrency;

    /// <summary>The slots of a page that begins now.</summary>
    public PageSlots Open(Guid campaignId) => new(this, campaignId, Interlocked.Increment(ref _pages));

    internal async Task Take(Guid campaignId, long page, CancellationToken cancellationToken)
    {
        await TakeOrWait(campaignId, page, cancellationToken);
        metrics.SlotTaken();
    }

    internal void Return()
    {
        metrics.SlotReturned();
        lock (_lock)
        {
            if (!_waiting.TryGive(true))
            {
                _free++;
            }
        }
    }

    private Task TakeOrWait(Guid campaignId, long page, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_free == 0)
            {
                return _waiting.Enter(campaignId, page, cancellationToken);
            }

            _free--;
            return Task.CompletedTask;
        }
    }
}
