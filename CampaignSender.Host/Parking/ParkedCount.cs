namespace CampaignSender.Host.Parking;

internal sealed record ParkedCount(string Reason, long Pages, double OldestSeconds);
