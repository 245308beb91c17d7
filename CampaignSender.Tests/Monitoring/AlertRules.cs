using System.Runtime.CompilerServices;

namespace CampaignSender.Tests.Monitoring;

/// <summary>The files in <c>docker/prometheus</c>.</summary>
internal static class AlertRules
{
    public static string File { get; } = PathOf("docker/prometheus/alerts.yml");

    public static string TestFile { get; } = PathOf("docker/prometheus/alerts.test.yml");

    public static string Runbook { get; } = PathOf("docs/operations.md");

    private static string PathOf(string file, [CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", file));
}
