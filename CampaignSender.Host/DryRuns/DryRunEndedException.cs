namespace CampaignSender.Host.DryRuns;

/// <summary>The CRM tells nothing any more.</summary>
internal sealed class DryRunEndedException(string message) : Exception(message)
{
    public static DryRunEndedException Unauthorized() =>
        new("The CRM refuses our credentials: expected its service token in EVOAI_CRM_API_TOKEN");
}
