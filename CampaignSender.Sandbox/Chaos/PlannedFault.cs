using System.Globalization;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>One fault of the plan.</summary>
internal sealed record PlannedFault
{
    /// <summary>Counted from the start of the run.</summary>
    public required TimeSpan At { get; init; }

    public required FaultKind Kind { get; init; }

    /// <summary>The replica or the campaign, counted from 0; 0 with what there is only one of.</summary>
    public int Target { get; init; }

    /// <summary>How long it lasts; zero where it is over at once.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The part of the requests that it meets.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Seconds, of a 429; null: without it.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The time that the CRM takes for an answer.</summary>
    public TimeSpan Latency { get; init; }

    public FaultLane Lane => FaultTraits.Of(Kind).Lane;

    public string Describe() => $"{TargetName}: {Deed}{(Duration > TimeSpan.Zero ? $", {Seconds(Duration)}" : "")}";

    private string TargetName =>
        Lane switch
        {
            FaultLane.Replica => $"replica {Target + 1}",
            FaultLane.Campaign => $"campaign {Target + 1}",
            FaultLane.PostgreSql => "PostgreSQL",
            FaultLane.Broker => "broker",
            _ => "CRM",
        };

    private string Deed =>
        Kind switch
        {
            FaultKind.ReplicaKill => "kill -9",
            FaultKind.ReplicaFreeze => "frozen for longer than its claims last",
            FaultKind.ReplicaCutOff => "cut off from PostgreSQL for longer than its claims last",
            FaultKind.ReplicaStop => "SIGTERM",
            FaultKind.PostgreSqlRestart or FaultKind.BrokerRestart => "stopped and started again",
            FaultKind.PostgreSqlKill or FaultKind.BrokerKill => "kill -9 and started again",
            FaultKind.PostgreSqlFreeze or FaultKind.BrokerFreeze => "frozen",
            FaultKind.CrmRestart => "restarted",
            FaultKind.CrmOutage => "away",
            FaultKind.CrmAnswersCut => $"stores {Percent}, answers 201 and cuts the connection before the body",
            FaultKind.CrmAnswersLost => $"cuts the connection without an answer to {Percent}, half of them stored",
            FaultKind.CrmBadGateway => $"answers 502 to {Percent}, half of them stored",
            FaultKind.CrmUnavailable => $"answers 503 to {Percent}, half of them stored",
            FaultKind.CrmThrottling =>
                $"answers 429 to {Percent}, {(RetryAfter is { } wait ? $"Retry-After {wait}" : "no Retry-After")}",
            FaultKind.CrmSlow => $"takes {Seconds(Latency)} for an answer",
            FaultKind.CampaignPause => "paused and resumed",
            FaultKind.CampaignRepack => "emptied and packed again",
            _ => "stopped for good",
        };

    private string Percent => Share.ToString("P0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
