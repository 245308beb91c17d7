namespace CampaignSender.Sandbox.Chaos;

/// <summary>
/// How a kind of fault is drawn. Times in seconds. What hits everybody is rarer and shorter than what hits one replica: a
/// fault finds something only while contacts are sent.
/// </summary>
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
        [FaultKind.ReplicaKill] = new(FaultLane.Replica, 20, 0, 0, 5),
        [FaultKind.ReplicaFreeze] = new(FaultLane.Replica, 10, Claim + 1, Claim + 4, 3),
        [FaultKind.ReplicaCutOff] = new(FaultLane.Replica, 10, Claim + 1, Claim + 4, 3),
        [FaultKind.ReplicaStop] = new(FaultLane.Replica, 16, 0, 0, 7),
        [FaultKind.PostgreSqlRestart] = new(FaultLane.PostgreSql, 2, 0.3, 2, 6),
        [FaultKind.PostgreSqlKill] = new(FaultLane.PostgreSql, 2, 0.3, 2, 6),
        [FaultKind.PostgreSqlFreeze] = new(FaultLane.PostgreSql, 2, 0.5, Claim + 2, 5),
        [FaultKind.BrokerRestart] = new(FaultLane.Broker, 1, 0.3, 2, 20),
        [FaultKind.BrokerKill] = new(FaultLane.Broker, 1, 0.3, 9, 20),
        [FaultKind.BrokerFreeze] = new(FaultLane.Broker, 1, 0.5, 9, 15),
        [FaultKind.CrmRestart] = new(FaultLane.CrmListener, 4, 0.3, 2, 4),
        [FaultKind.CrmOutage] = new(FaultLane.CrmListener, 0, 0, 0, 1),
        [FaultKind.CrmAnswersCut] = new(FaultLane.CrmAnswers, 4, 1, 3, 2),
        [FaultKind.CrmAnswersLost] = new(FaultLane.CrmAnswers, 4, 1, 3, 2),
        [FaultKind.CrmBadGateway] = new(FaultLane.CrmAnswers, 3, 1, 3, 2),
        [FaultKind.CrmUnavailable] = new(FaultLane.CrmAnswers, 4, 1, 3, 3),
        [FaultKind.CrmThrottling] = new(FaultLane.CrmAnswers, 4, 1, 3, 3),
        [FaultKind.CrmSlow] = new(FaultLane.CrmAnswers, 3, 1, 3, 2),
        [FaultKind.CampaignPause] = new(FaultLane.Campaign, 10, 1, 6, 1),
        [FaultKind.CampaignRepack] = new(FaultLane.Campaign, 3, 0.5, 4, 5),
        [FaultKind.CampaignStop] = new(FaultLane.Campaign, 0, 0, 0, 0),
    };

    public static FaultTraits Of(FaultKind kind) => _all[kind];

    public static IReadOnlySet<FaultKind> All { get; } = Enum.GetValues<FaultKind>().ToHashSet();

    /// <summary>The kinds that are drawn by weight; the others have their place in the plan.</summary>
    public static IReadOnlyList<FaultKind> Drawn { get; } = [.. All.Where(kind => _all[kind].Weight > 0)];
}
