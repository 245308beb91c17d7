namespace CampaignSender.Host.Campaigns;

internal sealed record Campaign
{
    public required Guid Id { get; init; }
    public required CampaignStatus Status { get; init; }
    public required Guid? InboxId { get; init; }

    public Passage Passage =>
        Status switch
        {
            CampaignStatus.Sending or CampaignStatus.SendingAb => Passage.Open,
            CampaignStatus.Completed => Passage.Completed,
            CampaignStatus.Stopped or CampaignStatus.Deleted => Passage.Ended,
            _ => Passage.Waiting,
        };
}
