namespace CampaignSender.Sandbox.Chaos;

/// <summary>What faults work on. One lane has one fault at a time; different ones overlap freely.</summary>
internal enum FaultLane
{
    /// <summary>Each replica is a lane of its own.</summary>
    Replica,

    PostgreSql,
    Broker,
    CrmListener,
    CrmAnswers,

    /// <summary>Each campaign is a lane of its own.</summary>
    Campaign,
}
