using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Transport;

internal sealed class TransportOptions : IOptionsSection
{
    public static string Section => "Transport";

    public TimeSpan LagPollInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The largest page that is accepted.</summary>
    public int MaxContactIds { get; set; } = 10_000;
}
