using CampaignSender.Host.Database;
using Microsoft.Extensions.Caching.Memory;

namespace CampaignSender.Host.Windows;

/// <summary>Tells before every dispatch whether it is a time at which contacts may be written to.</summary>
internal sealed partial class SendingHours(
    WindowStore store,
    IMemoryCache cache,
    TimeProvider time,
    ILogger<SendingHours> logger
)
{
    /// <summary>Where no opening is in sight: somebody has to change the window, and that ends the wait.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    public async ValueTask<bool> AreOpen(Guid campaignId, CancellationToken cancellationToken) =>
        await Of(campaignId).Get(cancellationToken) is not { } window || window.IsOpen(time.GetUtcNow());

    /// <summary>How long it is until they open; null: they are. Read anew where they seem to be closed, for a page waits that long.</summary>
    public async ValueTask<TimeSpan?> ClosedFor(Guid campaignId, CancellationToken cancellationToken)
    {
        if (await AreOpen(campaignId, cancellationToken))
        {
            return null;
        }

        var window = await Of(campaignId).GetAnew(cancellationToken);
        var now = time.GetUtcNow();
        return window is null || window.IsOpen(now) ? null : (window.NextOpening(now) - now ?? LongestWait);
    }

    private Recent<SendingWindow?> Of(Guid campaignId) =>
        cache.TryGetValue(new Key(campaignId), out Recent<SendingWindow?>? known) ? known! : Remember(campaignId);

    // On its own: what it closes over is made for each contact otherwise.
    private Recent<SendingWindow?> Remember(Guid campaignId) =>
        cache.GetOrCreate(
            new Key(campaignId),
            entry =>
            {
                entry.Size = 1;
                entry.SlidingExpiration = Forgotten;
                return new Recent<SendingWindow?>(time, () => Read(campaignId));
            }
        )!;

    // No caller's cancellation may end it for the others.
    private async Task<SendingWindow?> Read(Guid campaignId)
    {
        if (await store.Read(campaignId, CancellationToken.None) is not { } setting)
        {
            return null;
        }

        try
        {
            return SendingWindow.From(setting);
        }
        // Whatever somebody wrote into the table by hand.
        catch (Exception exception)
        {
            LogUnreadable(logger, campaignId, exception.Message);
            return SendingWindow.Closed;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Campaign {CampaignId} is not sent to: its sending window cannot be read: {Fault}"
    )]
    private static partial void LogUnreadable(ILogger logger, Guid campaignId, string fault);

    private readonly record struct Key(Guid CampaignId);
}
