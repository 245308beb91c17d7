namespace CampaignSender.Host;

/// <summary>How many of the pages that the broker hands out this replica works on at once.</summary>
internal sealed class PagePlaces(int count)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Func<bool>> _guests = [];
    private int _taken;

    /// <summary>Others have to wait until a page ends.</summary>
    public bool AreAllTaken
    {
        get
        {
            lock (_lock)
            {
                return _taken >= count;
            }
        }
    }

    public void Take()
    {
        lock (_lock)
        {
            if (++_taken < count)
            {
                return;
            }

            foreach (var makesRoom in _guests)
            {
                if (makesRoom())
                {
                    // One is enough: who takes its place asks again.
                    return;
                }
            }
        }
    }

    public void Return()
    {
        lock (_lock)
        {
            _taken--;
        }
    }

    /// <summary>
    /// Until it is disposed of, a page may be asked whenever the last place is taken: <paramref name="makesRoom"/> says whether it
    /// leaves.
    /// </summary>
    public IDisposable Ask(Func<bool> makesRoom)
    {
        lock (_lock)
        {
            _guests.Add(makesRoom);
        }

        return new Stay(this, makesRoom);
    }

    private void Forget(Func<bool> guest)
    {
        lock (_lock)
        {
            _guests.Remove(guest);
        }
    }

    private sealed class Stay(PagePlaces places, Func<bool> guest) : IDisposable
    {
        public void Dispose() => places.Forget(guest);
    }
}
