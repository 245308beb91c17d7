using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Parking;

internal sealed class ParkingOptions : IOptionsSection
{
    public static string Section => "Parking";

    /// <summary>How often parked pages are looked through for those whose time has come.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The earliest time after which a page parked for a passing reason is sent again.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A page that has not finished by then is parked with what is left of it.</summary>
    public TimeSpan PageTimeBudget { get; set; } = TimeSpan.FromMinutes(10);
}
