namespace CampaignSender.Host.Validation;

internal sealed record PageAttempt(Guid CampaignId, int Page, byte[] BodyHash);
