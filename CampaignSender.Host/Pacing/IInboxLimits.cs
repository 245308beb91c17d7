namespace CampaignSender.Host.Pacing;

/// <summary>What all replicas share of the limits.</summary>
internal interface IInboxLimits
{
    /// <summary>The limit that holds for the inbox now.</summary>
    Task<InboxLimit> Read(Guid inboxId, CancellationToken cancellationToken);

    /// <param name="limit">As it was last seen, with a rate above 0.</param>
    /// <returns>Null: the inbox has no limit any more.</returns>
    Task<InboxGrant?> Take(Guid inboxId, int count, InboxLimit limit, CancellationToken cancellationToken);

    /// <summary>Gives the inbox a limit of its own; null leaves it to the settings.</summary>
    Task Set(Guid inboxId, int? capacity, int? refillRate, CancellationToken cancellationToken);
}
