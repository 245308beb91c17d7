using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Campaigns;

internal sealed class GateOptions : IOptionsSection
{
    public static string Section => "Gate";

    /// <summary>How old a campaign's status may be when it is asked before a dispatch; zero asks every time.</summary>
    public TimeSpan StatusCacheTime { get; set; } = TimeSpan.FromSeconds(5);
}
