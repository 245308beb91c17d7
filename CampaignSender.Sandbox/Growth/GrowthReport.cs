using System.Text.Json;
using CampaignSender.Sandbox.Servers;

namespace CampaignSender.Sandbox.Growth;

/// <summary>How a large campaign in a large table went from its start to its end.</summary>
internal sealed record GrowthReport
{
    private const int Parts = 10;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required string Broker { get; init; }
    public required int Replicas { get; init; }
    public required int Contacts { get; init; }
    public required int OtherContacts { get; init; }
    public required double Seconds { get; init; }
    public required double CpuMsPerContact { get; init; }
    public required double PeakMemoryMb { get; init; }
    public required double WalBytesPerContact { get; init; }

    /// <summary>The statements by what they took altogether, the dearest first.</summary>
    public required IReadOnlyList<StatementCost> Statements { get; init; }

    public required ContactTableUse Before { get; init; }
    public required ContactTableUse After { get; init; }

    /// <summary>Milliseconds that the database works for a page that comes again after its end.</summary>
    public required double RedeliveredPageMs { get; init; }

    /// <summary>Requests to the CRM for pages that came again; none are due.</summary>
    public required long RedeliveredPageRequests { get; init; }

    /// <summary>The statements on contacts in a last small campaign, and in its pages once more.</summary>
    public required IReadOnlyList<StatementPlan> Plans { get; init; }

    public required IReadOnlyList<GrowthSample> Samples { get; init; }
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Contacts a second in each tenth of the campaign.</summary>
    public IReadOnlyList<double> Rates =>
        [
            .. Enumerable
                .Range(0, Parts)
                .Select(part =>
                    Math.Round(
                        (double)Contacts / Parts / (WhenSettled(part + 1d) - WhenSettled(part)),
                        MidpointRounding.AwayFromZero
                    )
                ),
        ];

    /// <summary>The most memory in each tenth of the campaign, in MB.</summary>
    public IReadOnlyList<double> Memory =>
        [
            .. Enumerable
                .Range(0, Parts)
                .Select(part =>
                    Samples
                        .Where(sample =>
                            sample.Seconds >= WhenSettled(part) && sample.Seconds <= WhenSettled(part + 1d) + 1
                        )
                        .Select(sample => Math.Round(sample.MemoryMb))
                        .DefaultIfEmpty()
                        .Max()
                ),
        ];

    public double LastRateToFirst => Rates[^1] / Rates[0];

    public double HotShare =>
        (double)(After.HotUpdates - Before.HotUpdates) / Math.Max(1, After.Updates - Before.Updates);

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The second in which so many tenths were settled, between the samples that stand around it.</summary>
    private double WhenSettled(double parts)
    {
        var contacts = Contacts * parts / Parts;
        var after = Samples.FirstOrDefault(sample => sample.Contacts >= contacts) ?? new(Seconds, Contacts, 0);
        var before = Samples.LastOrDefault(sample => sample.Contacts < contacts) ?? new(0, 0, 0);
        return after.Contacts > before.Contacts
            ? before.Seconds
                + ((after.Seconds - before.Seconds) * (contacts - before.Contacts) / (after.Contacts - before.Contacts))
            : after.Seconds;
    }
}
