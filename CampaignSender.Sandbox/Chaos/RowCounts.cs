namespace CampaignSender.Sandbox.Chaos;

/// <summary>Rows of contacts by their status, and pages in the sender's parking.</summary>
internal sealed record RowCounts(long Sent, long Failed, long Skipped, long Pending, long Parked);
