namespace CampaignSender.Sandbox.Bench;

/// <summary>Medians over the rounds.</summary>
internal sealed record BenchSummary
{
    public required BenchCell Cell { get; init; }
    public required string System { get; init; }
    public required double ContactsPerSecond { get; init; }

    /// <summary>To the bare loop in the same cell.</summary>
    public required double Ratio { get; init; }

    public required double CpuMsPerContact { get; init; }
    public required double AllocatedKbPerContact { get; init; }

    /// <summary>The highest of all rounds.</summary>
    public required double PeakMemoryMb { get; init; }

    public required double? SqlStatementsPerContact { get; init; }
    public required double? WalBytesPerContact { get; init; }
    public required double? BrokerSegmentsPerPage { get; init; }

    /// <summary>As many contacts a second as the simulated CRM could answer at the most if it had all cores to itself.</summary>
    public required double? CrmCeiling { get; init; }

    public static BenchSummary Of(IEnumerable<BenchMeasurement> rounds, double bareLoop)
    {
        var measured = rounds.ToList();
        var speed = measured.Median(round => round.ContactsPerSecond);
        return new BenchSummary
        {
            Cell = measured[0].Cell,
            System = measured[0].System,
            ContactsPerSecond = speed,
            Ratio = speed / bareLoop,
            CpuMsPerContact = measured.Median(round => round.CpuMsPerContact),
            AllocatedKbPerContact = measured.Median(round => round.AllocatedKbPerContact),
            PeakMemoryMb = measured.Max(round => round.PeakMemoryMb),
            SqlStatementsPerContact = measured.MedianOrNull(round => round.SqlStatementsPerContact),
            WalBytesPerContact = measured.MedianOrNull(round => round.WalBytesPerContact),
            BrokerSegmentsPerPage = measured.MedianOrNull(round => round.BrokerSegmentsPerPage),
            CrmCeiling = Environment.ProcessorCount * 1000 / measured.MedianOrNull(round => round.CrmCpuMsPerContact),
        };
    }
}
