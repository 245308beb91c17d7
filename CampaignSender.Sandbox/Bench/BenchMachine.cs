using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace CampaignSender.Sandbox.Bench;

/// <summary>What it was measured on.</summary>
internal sealed record BenchMachine
{
    public required string Processor { get; init; }
    public int Cores { get; init; } = Environment.ProcessorCount;
    public double MemoryGb { get; init; } = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9);
    public string System { get; init; } = RuntimeInformation.OSDescription;
    public string Runtime { get; init; } = RuntimeInformation.FrameworkDescription;
    public string Librdkafka { get; init; } = Library.VersionString;

    /// <summary>As <see cref="BenchServers"/> describes them.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    public static BenchMachine Read(IReadOnlyList<string> servers) =>
        new()
        {
            Servers = servers,
            Processor =
                File.ReadLines("/proc/cpuinfo")
                    .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                    ?.Split(':')[1]
                    .Trim()
                ?? RuntimeInformation.ProcessArchitecture.ToString(),
        };
}
