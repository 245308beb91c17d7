namespace CampaignSender.Host;

/// <summary>How many of the pages that the broker hands out this replica works on at once.</summary>
internal sealed class PagePlaces(int count)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Action> _watchers = [];
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
            if (++_taken >= count)
            {
                foreach (var allAreTaken in _watchers)
                {
                    allAreTaken();
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

    /// <summary>Until it is disposed of, <paramref name="allAreTaken"/> is told whenever the last place is taken.</summary>
    public IDisposable Watch(Action allAreTaken)
    {
        lock (_lock)
        {
            _watchers.Add(allAreTaken);
        }

        return new Watching(this, allAreTaken);
    }

    private void Forget(Action watcher)
    {
        lock (_lock)
        {
            _watchers.Remove(watcher);
        }
    }

    private sealed class Watching(PagePlaces places, Action watcher) : IDisposable
    {
        public void Dispose() => places.Forget(watcher);
    }
}
