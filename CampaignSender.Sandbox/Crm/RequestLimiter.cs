namespace CampaignSender.Sandbox.Crm;

/// <summary>Counts the requests of the window that has begun.</summary>
internal sealed class RequestLimiter
{
    private readonly Lock _lock = new();
    private long _window;
    private int _count;
    private long _refused;

    /// <summary>Null: requests are not limited.</summary>
    public RequestLimit? Limit { get; set; }

    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Whole seconds until requests are taken again; null where this one is taken.</summary>
    public int? Refuse(DateTimeOffset now)
    {
        if (Limit is not { } limit)
        {
            return null;
        }

        lock (_lock)
        {
            var window = now.UtcTicks / limit.Window.Ticks;
            _count = window == _window ? _count + 1 : 1;
            _window = window;
            if (_count <= limit.Requests)
            {
                return null;
            }

            _refused++;
            return (int)
                Math.Ceiling(TimeSpan.FromTicks(((window + 1) * limit.Window.Ticks) - now.UtcTicks).TotalSeconds);
        }
    }
}
