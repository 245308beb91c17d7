namespace CampaignSender.Host.Pacing;

/// <summary>What all replicas share of the quotas.</summary>
internal interface IInboxQuotas
{
    /// <summary>Null: the inbox has no quota.</summary>
    Task<QuotaUse?> Read(Guid inboxId, CancellationToken cancellationToken);

    /// <summary>Counts a number of messages as used, about a twentieth of what is left.</summary>
    /// <returns>Null: nothing is left, or there is no quota any more.</returns>
    Task<QuotaReservation?> Reserve(Guid inboxId, CancellationToken cancellationToken);

    Task GiveBack(Guid inboxId, QuotaReservation unused, CancellationToken cancellationToken);

    Task Set(Guid inboxId, int messages, TimeSpan window, CancellationToken cancellationToken);

    /// <summary>Takes the quota away, and what was counted.</summary>
    Task Clear(Guid inboxId, CancellationToken cancellationToken);
}
