namespace CampaignSender.Host.Crm;

internal sealed record CrmThreadSearch(bool Found, string? MessageId);
