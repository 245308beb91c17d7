namespace CampaignSender.Host.Pacing;

/// <summary>Whether the quota of the inbox leaves room for one more message.</summary>
/// <param name="SlotEndsAt">The part of the time line that it is counted in.</param>
internal readonly record struct QuotaTicket(bool IsGranted, InboxQuota? Quota, DateTime SlotEndsAt)
{
    public static QuotaTicket Unlimited { get; } = new(IsGranted: true, Quota: null, default);

    public static QuotaTicket Refused { get; } = new(IsGranted: false, Quota: null, default);

    /// <summary>The message was certainly not sent.</summary>
    public void GiveBack() => Quota?.GiveBack(SlotEndsAt);
}
