using System.Collections.Concurrent;
using CampaignSender.Contracts;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Campaigns;

/// <summary>
/// Tells before every dispatch whether the campaign may send now. The status is at most
/// <see cref="GateOptions.StatusCacheTime"/> old; a control message takes effect at once.
/// </summary>
internal sealed partial class CampaignGate(
    CampaignStore campaigns,
    IMemoryCache cache,
    IOptions<GateOptions> options,
    TimeProvider time,
    ILogger<CampaignGate> logger
)
{
    /// <summary>So long holds what was found out last, where nothing is remembered: a connection takes its time.</summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<CampaignWatch, Guid> _watches = new();
    private readonly Lock _remembering = new();

    /// <summary>The campaign, or null where it has no row.</summary>
    public async ValueTask<Campaign?> Find(Guid campaignId, CancellationToken cancellationToken)
    {
        var campaign = await (Remembered(campaignId) ?? Read(campaignId)).WaitAsync(cancellationToken);
        if (campaign?.Passage is not Passage.Open)
        {
            CancelWatches(campaignId);
        }

        return campaign;
    }

    public async ValueTask<Passage> Check(Guid campaignId, CancellationToken cancellationToken) =>
        (await Find(campaignId, cancellationToken))?.Passage ?? Passage.Ended;

    /// <summary>What was found out at this time may be relied upon.</summary>
    public bool IsFresh(long timestamp) =>
        time.GetElapsedTime(timestamp)
        <= (options.Value.StatusCacheTime > LeastTime ? options.Value.StatusCacheTime : LeastTime);

    /// <summary>As the database has it, whatever a control message said: it can come from a transaction that came to nothing.</summary>
    public async Task<Passage> Ask(Guid campaignId, CancellationToken cancellationToken) =>
        (await campaigns.Find(campaignId, cancellationToken))?.Passage ?? Passage.Ended;

    /// <summary>A token that is cancelled as soon as this replica learns that the campaign may not send.</summary>
    public CampaignWatch Watch(Guid campaignId)
    {
        var watch = new CampaignWatch(ended => _watches.TryRemove(ended, out _));
        _watches[watch] = campaignId;
        return watch;
    }

    public void Observe(CampaignsControl control)
    {
        if (control.Action is ControlAction.Resume)
        {
            Forget(control.CampaignId);
        }
        else
        {
            // The message can arrive before the transaction that it tells of is visible.
            Close(
                control.CampaignId,
                control.Action is ControlAction.Stop ? CampaignStatus.Stopped : CampaignStatus.Paused
            );
        }

        // Who reads it may count on its having taken effect.
        LogControl(logger, control.CampaignId, control.Action);
    }

    /// <summary>It may not send from now on, which holds for as long as a status read from the database would.</summary>
    public void Close(Guid campaignId, CampaignStatus status)
    {
        var closed = new Campaign
        {
            Id = campaignId,
            Status = status,
            InboxId = null,
        };
        lock (_remembering)
        {
            Remember(campaignId, Task.FromResult<Campaign?>(closed));
        }

        CancelWatches(campaignId);
    }

    /// <summary>The status was changed in the database: it is read anew.</summary>
    public void Forget(Guid campaignId)
    {
        // Or a read that was just begun would be remembered after it.
        lock (_remembering)
        {
            cache.Remove(campaignId);
        }
    }

    private Task<Campaign?>? Remembered(Guid campaignId) =>
        cache.TryGetValue(campaignId, out Task<Campaign?>? campaign) && campaign is { IsFaulted: false }
            ? campaign
            : null;

    private Task<Campaign?> Read(Guid campaignId)
    {
        lock (_remembering)
        {
            // Somebody else may have asked meanwhile, or a control message have come, which must not be forgotten for a
            // status from before it.
            if (Remembered(campaignId) is { } meanwhile)
            {
                return meanwhile;
            }

            // One read for everybody who asks meanwhile; no caller's cancellation may end it for the others.
            var reading = campaigns.Find(campaignId, CancellationToken.None);
            Remember(campaignId, reading);
            return reading;
        }
    }

    private void Remember(Guid campaignId, Task<Campaign?> campaign)
    {
        if (options.Value.StatusCacheTime == TimeSpan.Zero)
        {
            return;
        }

        using var entry = cache.CreateEntry(campaignId);
        entry.AbsoluteExpirationRelativeToNow = options.Value.StatusCacheTime;
        entry.Size = 1;
        entry.Value = campaign;
    }

    private void CancelWatches(Guid campaignId)
    {
        foreach (var (watch, watched) in _watches)
        {
            if (watched == campaignId)
            {
                watch.Cancel();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "campaign.control received for {CampaignId}: {Action}")]
    private static partial void LogControl(ILogger logger, Guid campaignId, ControlAction action);
}
