namespace CampaignSender.Host.Safety;

/// <summary>When a campaign is paused: so many failures, and such a share, of its last outcomes.</summary>
internal sealed record SafetyLimits(int Window, int MinFailures, int SharePercent)
{
    public static SafetyLimits From(SafetyOptions options) =>
        new(options.Window, options.MinFailures, options.SharePercent);

    /// <summary>More failures than outcomes are looked at are never seen.</summary>
    public bool CanBePassed => SharePercent == 0 || MinFailures <= Window;

    public bool ArePassedBy(long outcomes, long failures) =>
        SharePercent > 0 && failures >= MinFailures && failures * 100 >= outcomes * SharePercent;

    /// <summary>So many failures that it matters what the other replicas see.</summary>
    public bool AreNear(long outcomes, long failures) =>
        SharePercent > 0 && failures * 10 >= MinFailures && failures * 200 >= outcomes * SharePercent;
}
