namespace CampaignSender.Host.Pacing;

/// <summary>Messages that count as used before they are sent.</summary>
/// <param name="SlotEndsAt">The part of the time line that they are counted in.</param>
internal sealed record QuotaReservation(int Count, DateTime SlotEndsAt);
