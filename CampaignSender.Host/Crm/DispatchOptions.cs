using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Crm;

internal sealed class DispatchOptions : IOptionsSection
{
    public static string Section => "Dispatch";

    /// <summary>Further tries after the first; 0 tries once.</summary>
    public int RetryCount { get; set; } = 3;

    public TimeSpan BackoffBase { get; set; } = TimeSpan.FromSeconds(1);

    public TimeSpan BackoffCap { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests in flight per replica, over all pages.</summary>
    public int Concurrency { get; set; } = 64;

    /// <summary>One try, until its answer has been read.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
