using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Safety;

internal sealed class SafetyOptions : IOptionsSection
{
    public static string Section => "Safety";

    /// <summary>How many of a campaign's last outcomes are looked at.</summary>
    public int Window { get; set; } = 200;

    /// <summary>With fewer failures among them the campaign goes on.</summary>
    public int MinFailures { get; set; } = 80;

    /// <summary>The share of failures, in percent, that the campaign is paused at; 0: never.</summary>
    public int SharePercent { get; set; } = 40;
}
