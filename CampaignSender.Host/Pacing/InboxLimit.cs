namespace CampaignSender.Host.Pacing;

/// <summary>How fast an inbox may send, over all replicas.</summary>
/// <param name="Capacity">Messages that it may send at once after a rest.</param>
/// <param name="RefillRate">Messages a second; 0: as fast as it goes.</param>
internal sealed record InboxLimit(int Capacity, int RefillRate);
