using System.Text.Json;

namespace CampaignSender.Sandbox.Pace;

/// <summary>How evenly an inbox with a limit sent, by the CRM's clock.</summary>
internal sealed record PaceReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required string Broker { get; init; }
    public required int Replicas { get; init; }
    public required int Rate { get; init; }
    public required int Capacity { get; init; }
    public required int Contacts { get; init; }

    /// <summary>Messages that arrived in each second from the first one on.</summary>
    public required IReadOnlyList<int> EachSecond { get; init; }

    /// <summary>From the first message to the last.</summary>
    public required double Seconds { get; init; }

    /// <summary>Messages of each campaign in the first half of the time, while all of them send.</summary>
    public required IReadOnlyList<int> ByCampaignInTheFirstHalf { get; init; }

    /// <summary>Null where the server does not count them.</summary>
    public required double? LimitStatementsPerContact { get; init; }

    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>What the limit allows at best.</summary>
    public double IdealSeconds => (double)(Contacts - Capacity) / Rate;

    /// <summary>The fewest and the most in a second, as parts of the rate: without the first burst and the rest at the end.</summary>
    public double Least => Even.DefaultIfEmpty().Min() / (double)Rate;

    /// <inheritdoc cref="Least"/>
    public double Most => Even.DefaultIfEmpty().Max() / (double)Rate;

    private IEnumerable<int> Even => EachSecond.Skip(1).SkipLast(1);

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
