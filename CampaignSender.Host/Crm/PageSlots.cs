namespace CampaignSender.Host.Crm;

/// <summary>One page's share of the pool.</summary>
internal sealed class PageSlots(DispatchSlots pool, Guid campaignId, long page)
{
    /// <summary>The most that it gets at once: all, where no other page wants any.</summary>
    public int Most => pool.Count;

    /// <summary>A slot that is still to be taken.</summary>
    public DispatchSlot Open() => new(this);

    internal Task Take(CancellationToken cancellationToken) => pool.Take(campaignId, page, cancellationToken);

    internal void Return() => pool.Return(campaignId);
}
