using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>All of a run: what was planned, what happened, what came out. Written as JSON.</summary>
internal sealed record ChaosReport
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public required ChaosOptions Options { get; init; }
    public required IReadOnlyList<PlannedFault> Plan { get; init; }
    public required IReadOnlyList<CarriedFault> Faults { get; init; }
    public required IReadOnlyList<ChaosEvent> Events { get; init; }

    /// <summary>From the first page published to the reckoning.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether everything was done in the time given after peace.</summary>
    public required bool DoneInTime { get; init; }

    /// <summary>Messages that the CRM stored before peace: a run in which that is few has tried little.</summary>
    public required int StoredUnderFaults { get; init; }

    public required long PostsAtCrm { get; init; }

    /// <summary>How often the CRM was asked whether a message had been stored.</summary>
    public required long LookupsAtCrm { get; init; }

    /// <summary>Replicas that ended without having been killed or told to; they were started again.</summary>
    public required int UnaskedEnds { get; init; }

    /// <summary>Replicas that had to be killed, because they did not end after SIGTERM.</summary>
    public required int OverdueStops { get; init; }

    /// <summary>Every promise by its name, and how often it was broken.</summary>
    public IReadOnlyDictionary<Promise, int> Violations =>
        Enum.GetValues<Promise>().ToDictionary(promise => promise, promise => Reckoning.CountOf(promise));

    public required ChaosReckoning Reckoning { get; init; }

    public static string ToJson(IEnumerable<ChaosReport> runs) => JsonSerializer.Serialize(new { Runs = runs }, _json);
}
