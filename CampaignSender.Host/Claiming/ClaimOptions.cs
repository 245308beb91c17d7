using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Claiming;

internal sealed class ClaimOptions : IOptionsSection
{
    public static string Section => "Claim";

    /// <summary>
    /// By so much a claim is longer than a request to the CRM: the time in which a contact may be posted, and in which the
    /// claim is renewed.
    /// </summary>
    public static readonly TimeSpan LeastMargin = TimeSpan.FromSeconds(1);

    /// <summary>Longer than a dispatch may take, or two replicas could send to one contact.</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Contacts that one statement claims.</summary>
    public int ChunkSize { get; set; } = 64;
}
