namespace CampaignSender.Sandbox.Chaos;

/// <summary>How a kind of fault is drawn. Times in seconds.</summary>
/// <param name="Lane">What it works on.</param>
/// <param name="Weight">How often it is drawn, beside the others.</param>
/// <param name="Shortest">The shortest that it lasts.</param>
/// <param name="Longest">The longest that it lasts.</param>
/// <param name="Recovery">After its end, how long its target is left alone, so that it can come back to work.</param>
internal sealed record FaultTraits(FaultLane Lane, int Weight, double Shortest, double Longest, double Recovery)
{
    private static readonly double Claim = ReplicaPace.ClaimTime.TotalSeconds;

    private static readonly Dictionary<FaultKind, FaultTraits> _all = new()
    {
        [FaultKind.ReplicaKill] = new(FaultLane.Replica, 6, 0, 0, 5),
        [FaultKind.ReplicaFreeze] = new(FaultLane.Replica, 4, Claim + 1, Claim + 5, 3),
        [FaultKind.ReplicaStop] = new(FaultLane.Replica, 4, 0, 0, 8),
        [FaultKind.PostgreSqlRestart] = new(FaultLane.PostgreSql, 2, 0.3, 4, 4),
        [FaultKind.PostgreSqlKill] = new(FaultLane.PostgreSql, 2, 0.3, 4, 4),
        [FaultKind.PostgreSqlFreeze] = new(FaultLane.PostgreSql, 3, 1, Claim + 3, 3),
        [FaultKind.BrokerRestart] = new(FaultLane.Broker, 2, 0.3, 4, 12),
        [FaultKind.BrokerKill] = new(FaultLane.Broker, 1, 0.3, 4, 16),
        [FaultKind.CrmRestart] = new(FaultLane.CrmListener, 4, 0.5, 5, 1),
        [FaultKind.CrmOutage] = new(FaultLane.CrmListener, 0, 0, 0, 1),
        [FaultKind.CrmAnswersCut] = new(FaultLane.CrmAnswers, 3, 2, 6, 0.5),
        [FaultKind.CrmAnswersLost] = new(FaultLane.CrmAnswers, 3, 2, 6, 0.5),
        [FaultKind.CrmBadGateway] = new(FaultLane.CrmAnswers, 2, 2, 6, 0.5),
        [FaultKind.CrmUnavailable] = new(FaultLane.CrmAnswers, 4, 2, 6, 0.5),
        [FaultKind.CrmThrottling] = new(FaultLane.CrmAnswers, 4, 2, 6, 0.5),
        [FaultKind.CrmSlow] = new(FaultLane.CrmAnswers, 3, 2, 5, 0.5),
        [FaultKind.CampaignPause] = new(FaultLane.Campaign, 5, 1, 8, 1),
        [FaultKind.CampaignStop] = new(FaultLane.Campaign, 0, 0, 0, 0),
    };

    public static FaultTraits Of(FaultKind kind) => _all[kind];

    /// <summary>The kinds that are drawn by weight; the others have their place in the plan.</summary>
    public static IReadOnlyList<FaultKind> Drawn { get; } =
    [.. Enum.GetValues<FaultKind>().Where(kind => _all[kind].Weight > 0)];
}
