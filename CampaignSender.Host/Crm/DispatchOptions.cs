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

    public UncertainPolicy Uncertain { get; set; } = UncertainPolicy.Verify;

    /// <summary>How long after its timeout the CRM may still carry out a request; only then is it asked.</summary>
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After this time a contact whose outcome cannot be found out is FAILED as <c>outcome_unknown</c>.</summary>
    public TimeSpan UnknownAfter { get; set; } = TimeSpan.FromHours(1);
}
