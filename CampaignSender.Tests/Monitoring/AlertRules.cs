namespace CampaignSender.Tests.Monitoring;

/// <summary>The files in <c>docker/prometheus</c>.</summary>
internal static class AlertRules
{
    public static string File { get; } = Repository.PathOf("docker/prometheus/alerts.yml");

    public static string TestFile { get; } = Repository.PathOf("docker/prometheus/alerts.test.yml");

    public static string Runbook { get; } = Repository.PathOf("docs/operations.md");
}
