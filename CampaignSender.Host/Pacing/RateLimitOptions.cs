using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Pacing;

internal sealed class RateLimitOptions : IOptionsSection
{
    public static string Section => "RateLimit";

    /// <summary>Tokens that an idle inbox saves up; 0 turns the limit off.</summary>
    public int Capacity { get; set; } = 100;

    /// <summary>Tokens a second per inbox; 0 turns the limit off.</summary>
    public int RefillRate { get; set; } = 100;
}
