using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Attempts;

internal sealed class AttemptOptions : IOptionsSection
{
    public static string Section => "Attempts";

    /// <summary>Deliveries of one page before its fault counts as permanent.</summary>
    public int DeliveryLimit { get; set; } = 3;
}
