namespace CampaignSender.Host.Pacing;

/// <summary>The permission to post one message. It is not saved up: whoever comes too late with it needs another one.</summary>
internal readonly struct Turn
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly TimeProvider? _time;
    private readonly long _since;

    public Turn(TimeProvider time, long since)
    {
        _time = time;
        _since = since;
    }

    /// <summary>Whether a message may still be posted on it.</summary>
    public bool IsValid => _time is null || _time.GetElapsedTime(_since) < Lifetime;

    public bool IsLimited => _time is not null;

    /// <summary>For an inbox without a limit.</summary>
    public static Turn Unlimited => default;
}
