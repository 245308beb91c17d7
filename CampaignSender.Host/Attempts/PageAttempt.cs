namespace CampaignSender.Host.Attempts;

internal sealed record PageAttempt(Guid CampaignId, int Page, byte[] BodyHash);
