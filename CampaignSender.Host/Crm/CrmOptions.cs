using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Crm;

internal sealed class CrmOptions : IOptionsSection
{
    public static string Section => "Crm";

    public Uri? BaseUrl { get; set; }

    /// <summary>Sent as X-Service-Token. Never log it.</summary>
    public string ApiToken { get; set; } = "";

    public TimeSpan TemplateCacheTime { get; set; } = TimeSpan.FromMinutes(5);
}
