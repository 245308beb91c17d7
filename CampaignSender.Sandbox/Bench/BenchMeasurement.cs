namespace CampaignSender.Sandbox.Bench;

/// <summary>One measurement of one system in one cell.</summary>
internal sealed record BenchMeasurement
{
    public required int Round { get; init; }
    public required BenchCell Cell { get; init; }

    /// <summary>The bare loop, or the broker that the service was on.</summary>
    public required string System { get; init; }

    public required int Contacts { get; init; }
    public required double ContactsPerSecond { get; init; }

    /// <summary>Of the senders alone.</summary>
    public required double CpuMsPerContact { get; init; }

    public required double AllocatedKbPerContact { get; init; }

    /// <summary>Of the sender that needed most; MB of 1,000,000 bytes.</summary>
    public required double PeakMemoryMb { get; init; }

    public double? SqlStatementsPerContact { get; init; }
    public double? WalBytesPerContact { get; init; }

    /// <summary>How often a sender spoke to the broker: TCP segments with data. An upper bound of its round trips.</summary>
    public double? BrokerSegmentsPerPage { get; init; }

    /// <summary>Of the simulated CRM; known only where nothing else works in its process.</summary>
    public double? CrmCpuMsPerContact { get; init; }

    /// <summary>What did not come out.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}
