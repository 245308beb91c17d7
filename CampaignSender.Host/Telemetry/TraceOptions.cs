using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Telemetry;

internal sealed class TraceOptions : IOptionsSection
{
    public static string Section => "Trace";

    /// <summary>Of a page's contacts, those whose requests are in its trace.</summary>
    public int ContactsPercent { get; set; } = 2;
}
