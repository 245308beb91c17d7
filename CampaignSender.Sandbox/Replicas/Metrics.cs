using System.Globalization;
using System.Text.RegularExpressions;

namespace CampaignSender.Sandbox.Replicas;

/// <summary>What <c>/metrics</c> says, by the Prometheus text format.</summary>
internal sealed partial class Metrics
{
    private readonly List<(string Name, string Labels, double Value)> _samples = [];

    private Metrics(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
        {
            var sample = Sample().Match(line);
            if (!sample.Success)
            {
                throw new FormatException($"Not a sample of the Prometheus text format: {line}");
            }

            _samples.Add(
                (
                    sample.Groups["name"].Value,
                    sample.Groups["labels"].Value,
                    double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture)
                )
            );
        }
    }

    public static async Task<Metrics> Scrape(HttpClient http, CancellationToken cancellationToken) =>
        new(await http.GetStringAsync("metrics", cancellationToken));

    /// <summary>The first scrape for which the condition holds.</summary>
    public static async Task<Metrics> WaitFor(
        HttpClient http,
        Func<Metrics, bool> condition,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var metrics = await Scrape(http, cancellationToken);
            if (condition(metrics))
            {
                return metrics;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    public bool Has(string prefix) => _samples.Any(sample => sample.Name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The sum over all series of the name whose labels contain the text.</summary>
    public double Sum(string name, string labels) =>
        _samples
            .Where(sample => sample.Name == name && sample.Labels.Contains(labels, StringComparison.Ordinal))
            .Sum(sample => sample.Value);

    public IEnumerable<string> Labels(string name, string label) =>
        _samples
            .Where(sample => sample.Name == name)
            .Select(sample => Regex.Match(sample.Labels, $"{label}=\"([^\"]*)\"").Groups[1].Value)
            .Distinct();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?$")]
    private static partial Regex Sample();
}
