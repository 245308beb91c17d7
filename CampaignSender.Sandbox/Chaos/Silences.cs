namespace CampaignSender.Sandbox.Chaos;

/// <summary>The times in which a campaign was paused or stopped, from the commit of its row on.</summary>
internal sealed class Silences(TimeProvider time)
{
    private readonly List<(Guid CampaignId, DateTimeOffset From, DateTimeOffset To)> _all = [];
    private readonly Lock _lock = new();

    public void Begin(Guid campaignId)
    {
        lock (_lock)
        {
            _all.Add((campaignId, time.GetUtcNow(), DateTimeOffset.MaxValue));
        }
    }

    public void End(Guid campaignId)
    {
        lock (_lock)
        {
            var index = _all.FindLastIndex(silence => silence.CampaignId == campaignId);
            _all[index] = _all[index] with { To = time.GetUtcNow() };
        }
    }

    /// <summary>Whether no post may have begun then: a replica had had the time to hear of it.</summary>
    public bool Cover(Guid campaignId, DateTimeOffset at)
    {
        lock (_lock)
        {
            return _all.Exists(silence =>
                silence.CampaignId == campaignId && at > silence.From + ReplicaPace.HearingTime && at < silence.To
            );
        }
    }
}
