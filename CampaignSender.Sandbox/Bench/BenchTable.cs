using System.Globalization;

namespace CampaignSender.Sandbox.Bench;

/// <summary>A report as a table in Markdown.</summary>
internal static class BenchTable
{
    private static readonly string[] Head =
    [
        "CRM latency, ms",
        "in flight",
        "senders",
        "system",
        "contacts/s",
        "ratio",
        "CPU per contact, ms",
        "allocated per contact, KB",
        "peak memory, MB",
        "SQL statements per contact",
        "WAL per contact, bytes",
        "TCP segments to the broker per page",
    ];

    public static string Write(BenchReport report)
    {
        var machine = report.Machine;
        var ceilings = report.Summaries.Where(summary => summary.CrmCeiling is not null).ToList();
        return string.Join(
            '\n',
            [
                Row(Head),
                Row(Head.Select(_ => "---")),
                .. report.Summaries.Select(summary => Row(Cells(summary))),
                "",
                $"{machine.Processor}, {machine.Cores} cores, {machine.MemoryGb} GB; {machine.System}; {machine.Runtime}; librdkafka {machine.Librdkafka}; "
                    + $"{string.Join("; ", machine.Servers)}. "
                    + $"The simulated CRM with all cores to itself could answer about {Number(ceilings.Max(each => each.CrmCeiling), 0)} contacts a second.",
                "",
            ]
        );
    }

    private static IEnumerable<string> Cells(BenchSummary summary) =>
        [
            Number(summary.Cell.LatencyMs, 0),
            Number(summary.Cell.Concurrency, 0),
            Number(summary.Cell.Senders, 0),
            summary.System,
            Number(summary.ContactsPerSecond, 0),
            Number(summary.Ratio, 2),
            Number(summary.CpuMsPerContact, 2),
            Number(summary.AllocatedKbPerContact, 1),
            Number(summary.PeakMemoryMb, 0),
            Number(summary.SqlStatementsPerContact, 3),
            Number(summary.WalBytesPerContact, 0),
            Number(summary.BrokerSegmentsPerPage, 1),
        ];

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Number(double? value, int digits) =>
        value?.ToString($"N{digits}", CultureInfo.InvariantCulture) ?? "";
}
