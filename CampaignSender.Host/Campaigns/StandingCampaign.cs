namespace CampaignSender.Host.Campaigns;

/// <param name="Pending">Its contacts that nothing is on its way to.</param>
internal sealed record StandingCampaign(Guid CampaignId, long Pending);
