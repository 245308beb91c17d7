namespace CampaignSender.Sandbox.Campaigns;

/// <summary>The contacts of a campaign by their status in the database.</summary>
internal sealed record ContactCounts(long Sent, long Failed, long Skipped, long Pending)
{
    public long Settled => Sent + Failed + Skipped;
}
