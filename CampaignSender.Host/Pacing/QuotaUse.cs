namespace CampaignSender.Host.Pacing;

/// <summary>How much of its quota an inbox has used: so many messages in any stretch of time as long as the window.</summary>
/// <param name="Used">In the window that ends now.</param>
/// <param name="FreesIn">When the oldest of those leave the window; null where there are none.</param>
internal sealed record QuotaUse(int Messages, TimeSpan Window, int Used, TimeSpan? FreesIn)
{
    private const int NearlyPercent = 90;

    public int Left => Math.Max(Messages - Used, 0);

    public bool IsUsedUp => Left == 0;

    public bool IsNearlyUsedUp => (long)Used * 100 >= (long)Messages * NearlyPercent;
}
