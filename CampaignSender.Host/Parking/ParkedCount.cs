namespace CampaignSender.Host.Parking;

/// <param name="Due">Those that may be taken now.</param>
internal sealed record ParkedCount(string Reason, long Pages, double OldestSeconds, long Due);
