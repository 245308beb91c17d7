namespace CampaignSender.Host;

/// <summary>How many of the pages that the broker hands out this replica works on at once.</summary>
internal sealed class PagePlaces(int count)
{
    private int _taken;

    /// <summary>Others have to wait until a page ends.</summary>
    public bool AreAllTaken => Volatile.Read(ref _taken) >= count;

    public void Take() => Interlocked.Increment(ref _taken);

    public void Return() => Interlocked.Decrement(ref _taken);
}
