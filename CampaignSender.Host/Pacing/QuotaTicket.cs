namespace CampaignSender.Host.Pacing;

/// <summary>Whether the quota of the inbox leaves room for one more message.</summary>
internal readonly record struct QuotaTicket(bool IsGranted, InboxQuota? Quota)
{
    /// <summary>The message was certainly not sent.</summary>
    public void GiveBack() => Quota?.GiveBack();
}
