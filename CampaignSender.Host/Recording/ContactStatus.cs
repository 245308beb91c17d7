namespace CampaignSender.Host.Recording;

/// <summary>The verdicts that may be recorded, by their names in evo-flow's enum.</summary>
internal enum ContactStatus
{
    Sent,
    Failed,
    Skipped,
}
