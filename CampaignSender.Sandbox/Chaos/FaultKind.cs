namespace CampaignSender.Sandbox.Chaos;

/// <summary>What is done to whom.</summary>
internal enum FaultKind
{
    /// <summary>kill -9, as a machine that is gone.</summary>
    ReplicaKill,

    /// <summary>
    /// SIGSTOP for longer than its claims last, then SIGCONT: it wakes up believing that it still holds them. Meanwhile the
    /// pages in work are delivered to the others, as by a broker that believes it gone.
    /// </summary>
    ReplicaFreeze,

    /// <summary>
    /// Cut off from PostgreSQL for longer than its claims last. It still reaches the CRM, and its pages go to others.
    /// </summary>
    ReplicaCutOff,

    /// <summary>SIGTERM, as a rolling update.</summary>
    ReplicaStop,

    PostgreSqlRestart,
    PostgreSqlKill,
    PostgreSqlFreeze,
    BrokerRestart,

    /// <summary>Away for longer than the clients' requests wait, now and then: what comes back late is a case of its own.</summary>
    BrokerKill,

    BrokerFreeze,

    /// <summary>The CRM does not listen; what it has stored stays.</summary>
    CrmRestart,

    /// <summary>As <see cref="CrmRestart"/>, for minutes, once and only if it is asked for.</summary>
    CrmOutage,

    /// <summary>Messages are stored, the status is answered, and the connection is cut before the body.</summary>
    CrmAnswersCut,

    /// <summary>Half of the messages are stored, and the connection is cut without an answer.</summary>
    CrmAnswersLost,

    /// <summary>A gateway answers 502, and half of the messages are stored.</summary>
    CrmBadGateway,

    /// <summary>503, and half of the messages are stored all the same.</summary>
    CrmUnavailable,

    /// <summary>429, with or without Retry-After.</summary>
    CrmThrottling,

    CrmSlow,

    /// <summary>Paused, and resumed after a while.</summary>
    CampaignPause,

    /// <summary>
    /// evo-flow's packer begins again: it deletes the contacts' rows, inserts new ones after a while, and publishes all pages.
    /// </summary>
    CampaignRepack,

    /// <summary>Stopped for good, once and always.</summary>
    CampaignStop,
}
