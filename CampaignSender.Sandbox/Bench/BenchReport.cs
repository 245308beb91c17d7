using System.Text.Json;

namespace CampaignSender.Sandbox.Bench;

/// <summary>What a benchmark measured, as it is and as medians.</summary>
internal sealed record BenchReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required BenchMachine Machine { get; init; }

    public required IReadOnlyList<BenchMeasurement> Measurements { get; init; }

    /// <summary>In the order in which they were measured first.</summary>
    public IReadOnlyList<BenchSummary> Summaries =>
        [
            .. Measurements
                .GroupBy(measurement => (measurement.Cell, measurement.System))
                .Select(group => BenchSummary.Of(group, BareLoopOf(group.Key.Cell))),
        ];

    public IEnumerable<string> Faults => Measurements.SelectMany(measurement => measurement.Faults);

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private double BareLoopOf(BenchCell cell) =>
        Measurements
            .Where(measurement => measurement.Cell == cell && measurement.System == BenchRun.BareLoop)
            .Median(measurement => measurement.ContactsPerSecond);
}
