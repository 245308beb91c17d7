namespace CampaignSender.Host.Pacing;

/// <summary>The limits of inboxes for an operator to see and to set while replicas run.</summary>
internal sealed class InboxLimits(InboxLimitStore store)
{
    /// <summary>The limit that holds for the inbox now.</summary>
    public Task<InboxLimit> Read(Guid inboxId, CancellationToken cancellationToken) =>
        store.Read(inboxId, cancellationToken);

    /// <summary>Gives the inbox a limit of its own; null leaves it to the settings.</summary>
    public Task Set(Guid inboxId, int? capacity, int? refillRate, CancellationToken cancellationToken) =>
        store.Set(inboxId, capacity, refillRate, cancellationToken);
}
