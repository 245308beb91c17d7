using System.Collections.Concurrent;
using CampaignSender.Host.Telemetry;

namespace CampaignSender.Host.Pacing;

/// <summary>The quotas of the inboxes, shared by all replicas.</summary>
internal sealed class QuotaKeeper(
    IInboxQuotas quotas,
    SenderMetrics metrics,
    TimeProvider time,
    ILogger<QuotaKeeper> logger
) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, Lazy<InboxQuota>> _inboxes = new();

    /// <summary>Counts a message that is about to be posted.</summary>
    public ValueTask<QuotaTicket> Take(Guid inboxId, CancellationToken cancellationToken) =>
        Of(inboxId).Take(cancellationToken);

    /// <summary>How long it is until the inbox may send again; null: it may.</summary>
    public ValueTask<TimeSpan?> ClosedFor(Guid inboxId, CancellationToken cancellationToken) =>
        Of(inboxId).ClosedFor(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var inbox in _inboxes.Values)
        {
            await inbox.Value.DisposeAsync();
        }
    }

    private InboxQuota Of(Guid inboxId) =>
        _inboxes.GetOrAdd(inboxId, static (id, keeper) => keeper.Open(id), this).Value;

    // Lazy: one that loses the race to be kept would leave its timer behind.
    private Lazy<InboxQuota> Open(Guid inboxId) => new(() => new InboxQuota(inboxId, quotas, metrics, time, logger));
}
