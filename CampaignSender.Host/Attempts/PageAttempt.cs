namespace CampaignSender.Host.Attempts;

/// <summary>A page that is in work, until it is disposed of.</summary>
internal sealed class PageAttempt(Guid campaignId, int page, byte[] bodyHash, Action leave) : IDisposable
{
    public Guid CampaignId => campaignId;
    public int Page => page;
    public byte[] BodyHash => bodyHash;

    public void Dispose() => leave();
}
