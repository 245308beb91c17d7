namespace CampaignSender.Host.Telemetry;

/// <summary>Upper bounds in seconds, close enough for p50, p95 and p99.</summary>
internal static class HistogramBuckets
{
    /// <summary>5 ms to 10 min.</summary>
    public static readonly IReadOnlyList<double> Page =
    [
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        20,
        30,
        60,
        120,
        300,
        600,
    ];

    public static readonly IReadOnlyList<double> Request =
    [
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        7.5,
        10,
        15,
        20,
        30,
        60,
    ];
}
