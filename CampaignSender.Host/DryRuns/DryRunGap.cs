namespace CampaignSender.Host.DryRuns;

/// <summary>Contacts that have no value for something that the template asks for.</summary>
internal sealed record DryRunGap(string Placeholder, long Contacts);
