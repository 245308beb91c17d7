namespace CampaignSender.Host.Safety;

/// <summary>What the database knows of a campaign beside what this replica has seen of it.</summary>
/// <param name="Outcomes">Of the other replicas' windows.</param>
/// <param name="Failures">Of the other replicas' windows.</param>
/// <param name="Stops">How often the campaign was paused by the sender.</param>
/// <param name="StoppedAgo">When that was last; null: never.</param>
/// <param name="Window">The limits that an operator has set; null where the settings hold.</param>
internal sealed record FleetView(
    int Outcomes,
    int Failures,
    int Stops,
    TimeSpan? StoppedAgo,
    int? Window,
    int? MinFailures,
    int? SharePercent
);
