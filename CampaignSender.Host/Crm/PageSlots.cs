namespace CampaignSender.Host.Crm;

/// <summary>One page's share of the pool.</summary>
/// <param name="pool">What all pages share.</param>
/// <param name="campaignId">The page's campaign.</param>
/// <param name="page">Its number, in the order in which pages began.</param>
/// <param name="onlyResting">
/// All contacts of the page are begun, and those that are left rest: they will want no slot for long.
/// </param>
internal sealed class PageSlots(DispatchSlots pool, Guid campaignId, long page, Action? onlyResting = null)
{
    private readonly Lock _lock = new();
    private int _resting;

    /// <summary>The contacts that are begun, and one for those that are not yet.</summary>
    private int _atWork = 1;

    /// <summary>The lower, the earlier the page began.</summary>
    public long Page => page;

    /// <summary>The most that it gets at once: all, where no other page wants any.</summary>
    public int Most => pool.Count;

    /// <summary>A slot that is still to be taken, for a contact that is begun.</summary>
    public DispatchSlot Open()
    {
        Count(atWork: 1, resting: 0);
        return new(this);
    }

    /// <summary>No further contact will be begun.</summary>
    public void AllAreBegun() => Count(atWork: -1, resting: 0);

    /// <summary>Tells once more where nobody is left but contacts that rest, and whether that is so.</summary>
    public bool TellOfRest() => Count(atWork: 0, resting: 0);

    internal void Close() => Count(atWork: -1, resting: 0);

    internal void Rest() => Count(atWork: -1, resting: 1);

    internal void GoOn() => Count(atWork: 1, resting: -1);

    internal Task Take(CancellationToken cancellationToken) => pool.Take(campaignId, page, cancellationToken);

    internal void Return() => pool.Return(campaignId);

    private bool Count(int atWork, int resting)
    {
        bool areOnlyResting;
        lock (_lock)
        {
            _atWork += atWork;
            _resting += resting;
            areOnlyResting = _atWork == 0 && _resting > 0;
        }

        if (areOnlyResting)
        {
            onlyResting?.Invoke();
        }

        return areOnlyResting;
    }
}
