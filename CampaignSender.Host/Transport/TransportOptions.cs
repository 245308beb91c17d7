using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Transport;

internal sealed class TransportOptions : IOptionsSection
{
    public static string Section => "Transport";

    /// <summary>Deliveries of one page before its fault counts as permanent.</summary>
    public int DeliveryLimit { get; set; } = 3;

    public TimeSpan LagPollInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The largest page that is accepted.</summary>
    public int MaxContactIds { get; set; } = 10_000;
}
