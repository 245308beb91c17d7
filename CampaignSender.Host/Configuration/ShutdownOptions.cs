namespace CampaignSender.Host.Configuration;

internal sealed class ShutdownOptions : IOptionsSection
{
    public static string Section => "Shutdown";

    /// <summary>How long pages in work may finish after a stop; shorter than the host's own limit of 30 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(25);
}
