namespace CampaignSender.Host.Campaigns;

/// <summary>The values of evo-flow's <c>campaigns.status</c>, and <see cref="Deleted"/> for a row that is gone.</summary>
internal enum CampaignStatus
{
    Draft = 0,
    Scheduled = 1,
    Sending = 2,
    Paused = 3,
    Stopped = 4,
    Completed = 5,
    SendingAb = 6,
    Deleted = 100,
}
