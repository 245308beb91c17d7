using System.Globalization;
using CampaignSender.Sandbox.Replicas;

namespace CampaignSender.Sandbox.Load;

/// <summary>Reads one value out of what a replica shows to Prometheus.</summary>
internal static class PrometheusText
{
    /// <summary>The sum over all label sets; 0 where there is none.</summary>
    public static async Task<double> Read(Replica replica, string name, CancellationToken cancellationToken) =>
        Sum(await replica.Metrics(cancellationToken), name);

    // A line: name{labels} value [timestamp]; the timestamp is ours to skip.
    private static double Sum(string text, string name) =>
        text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is '{' or ' ')
            .Sum(line =>
                double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[^1], CultureInfo.InvariantCulture)
            );
}
