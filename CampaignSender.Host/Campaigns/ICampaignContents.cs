namespace CampaignSender.Host.Campaigns;

/// <summary>What a campaign holds, for those who ask about all of it and not about a page.</summary>
internal interface ICampaignContents
{
    /// <summary>Null: there is no such campaign.</summary>
    Task<CampaignContents?> Find(Guid campaignId, CancellationToken cancellationToken);

    /// <summary>Whether any campaign goes out through it, whatever became of the campaign.</summary>
    Task<bool> UseInbox(Guid inboxId, CancellationToken cancellationToken);

    /// <summary>Contacts that have no verdict yet: those after this one, in the order of their ids.</summary>
    Task<IReadOnlyList<Guid>> ReadPending(Guid campaignId, Guid after, int count, CancellationToken cancellationToken);

    Task<CampaignProgress> Count(Guid campaignId, CancellationToken cancellationToken);

    /// <summary>Who got no message, by reason, the commonest first.</summary>
    Task<IReadOnlyList<FailureCount>> CountFailures(Guid campaignId, CancellationToken cancellationToken);

    /// <summary>Who got no message, one by one, in the order of their ids.</summary>
    /// <param name="code">Null: for whatever reason.</param>
    IAsyncEnumerable<FailedContact> ReadFailures(Guid campaignId, string? code, CancellationToken cancellationToken);
}
