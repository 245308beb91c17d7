namespace CampaignSender.Host.Configuration;

internal sealed class ShutdownOptions : IOptionsSection
{
    public static string Section => "Shutdown";

    /// <summary>How long pages in work may finish after a stop; shorter than a pod's grace period, which is 30 s by default.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(25);
}
