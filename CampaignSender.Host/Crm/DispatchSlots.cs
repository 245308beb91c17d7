using CampaignSender.Host.Pacing;
using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

/// <summary>
/// The bounded pool of requests in flight that all pages of this replica share. A free slot goes to the campaign that holds the
/// fewest, so that one whose requests take long does not end with all of them. Of one campaign the page that came first goes
/// before the others: pages at one pace would all end, and be recorded, at the same time, with nothing in flight meanwhile.
/// </summary>
internal sealed class DispatchSlots
{
    private readonly Lock _lock = new();
    private readonly SenderMetrics _metrics;
    private readonly CampaignQueue<bool> _waiting;
    private readonly Dictionary<Guid, int> _held = [];
    private int _free;
    private long _pages;

    public DispatchSlots(IOptions<DispatchOptions> options, SenderMetrics metrics)
    {
        _metrics = metrics;
        _waiting = new CampaignQueue<bool>(held: campaignId => _held.GetValueOrDefault(campaignId));
        _free = Count = options.Value.Concurrency;
    }

    /// <summary>The free ones and those in use.</summary>
    public int Count { get; }

    /// <summary>The slots of a page that begins now.</summary>
    public PageSlots Open(Guid campaignId, Action? onlyResting = null) =>
        new(this, campaignId, Interlocked.Increment(ref _pages), onlyResting);

    internal async Task Take(Guid campaignId, long page, CancellationToken cancellationToken)
    {
        await TakeOrWait(campaignId, page, cancellationToken);
        _metrics.SlotTaken();
    }

    internal void Return(Guid campaignId)
    {
        _metrics.SlotReturned();
        lock (_lock)
        {
            if (--_held[campaignId] == 0)
            {
                _held.Remove(campaignId);
            }

            if (_waiting.Give(true) is { } next)
            {
                Hold(next);
            }
            else
            {
                _free++;
            }
        }
    }

    private void Hold(Guid campaignId) => _held[campaignId] = _held.GetValueOrDefault(campaignId) + 1;

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
            Hold(campaignId);
            return Task.CompletedTask;
        }
    }
}
