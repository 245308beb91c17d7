namespace CampaignSender.Host.Campaigns;

/// <param name="Status">FAILED or SKIPPED.</param>
/// <param name="Code">Null: recorded by the old sender, which keeps none.</param>
internal sealed record FailureCount(string Status, string? Code, long Contacts);
