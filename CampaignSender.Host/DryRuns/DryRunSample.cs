namespace CampaignSender.Host.DryRuns;

internal sealed record DryRunSample(Guid ContactId, string Content);
