namespace CampaignSender.Host.Pacing;

/// <summary>Whether the quota of the inbox leaves room for one more message.</summary>
/// <param name="SlotEndsAt">The part of the time line that it is counted in.</param>
/// <param name="ReservedAt">When it was asked for.</param>
internal readonly record struct QuotaTicket(
    bool IsGranted,
    InboxQuota? Quota,
    DateTime SlotEndsAt,
    DateTimeOffset ReservedAt
)
{
    public static QuotaTicket Unlimited { get; } = new(IsGranted: true, Quota: null, default, default);

    public static QuotaTicket Refused { get; } = new(IsGranted: false, Quota: null, default, default);

    /// <summary>Whether a message may still be posted on it: one that is posted after its slot would be counted too early.</summary>
    public bool IsValid => Quota is null || !Quota.HasLapsed(ReservedAt);

    /// <summary>The message was certainly not sent.</summary>
    public void GiveBack() => Quota?.GiveBack(SlotEndsAt);
}
