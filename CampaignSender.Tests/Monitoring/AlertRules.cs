using System.Text.RegularExpressions;

namespace CampaignSender.Tests.Monitoring;

/// <summary>The files in <c>docker/prometheus</c>.</summary>
internal static partial class AlertRules
{
    public static string File { get; } = Repository.PathOf("docker/prometheus/alerts.yml");

    public static string TestFile { get; } = Repository.PathOf("docker/prometheus/alerts.test.yml");

    public static string RecordingFile { get; } = Repository.PathOf("docker/prometheus/recording.yml");

    public static string Runbook { get; } = Repository.PathOf("docs/operations.md");

    /// <summary>
    /// The alerts as they are, but for the minutes that one waits for or looks back, which are seconds: what the test before has
    /// sent is forgotten.
    /// </summary>
    public static string Hastened =>
        Range().Replace(Wait().Replace(System.IO.File.ReadAllText(File), "for: 1s"), "10s");

    [GeneratedRegex(@"for: \d+m")]
    private static partial Regex Wait();

    [GeneratedRegex(@"(?<=\[|offset )(?:2|5|10)m\b")]
    private static partial Regex Range();
}
