namespace CampaignSender.Host.Campaigns;

/// <param name="Before">Its status before the order.</param>
/// <param name="Now">Its status now: the same where the order does not fit it.</param>
/// <param name="IsObeyed">Whether it has the status that was ordered, now or since before.</param>
internal sealed record OrderedCampaign(CampaignStatus Before, CampaignStatus Now, bool IsObeyed);
