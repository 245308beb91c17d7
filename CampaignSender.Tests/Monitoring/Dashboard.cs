using System.Text.Json;

namespace CampaignSender.Tests.Monitoring;

/// <summary>The dashboard in <c>docker/grafana</c>.</summary>
internal static class Dashboard
{
    /// <summary>Its queries with the title of their panel, for all replicas and the last half minute.</summary>
    public static IReadOnlyList<(string Panel, string Expression)> Queries { get; } = [.. Panels().SelectMany(Targets)];

    /// <summary>Panels that show something: rows only part them.</summary>
    public static IEnumerable<JsonElement> Panels() =>
        JsonDocument
            .Parse(File.ReadAllText(Repository.PathOf("docker/grafana/dashboards/campaign-sender.json")))
            .RootElement.GetProperty("panels")
            .EnumerateArray()
            .Where(panel => panel.GetProperty("type").GetString() != "row");

    private static IEnumerable<(string, string)> Targets(JsonElement panel) =>
        panel
            .GetProperty("targets")
            .EnumerateArray()
            .Select(target =>
                (
                    panel.GetProperty("title").GetString()!,
                    target
                        .GetProperty("expr")
                        .GetString()!
                        .Replace("$replica", ".*", StringComparison.Ordinal)
                        .Replace("$__rate_interval", "30s", StringComparison.Ordinal)
                )
            );
}
