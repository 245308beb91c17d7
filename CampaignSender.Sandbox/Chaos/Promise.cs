namespace CampaignSender.Sandbox.Chaos;

/// <summary>What is promised; named by what is counted when it is broken.</summary>
internal enum Promise
{
    /// <summary>The CRM holds more than one message of the campaign for the contact.</summary>
    ContactsSentTwice,

    /// <summary>A reachable contact of a campaign that was sent has no message in the CRM, whatever its row says.</summary>
    ContactsNeverSent,

    /// <summary>A contact of a campaign that was sent has a row that is still PENDING.</summary>
    ContactsPending,

    /// <summary>A contact that nothing is wrong with is FAILED: the CRM was away, refused for a while or throttled.</summary>
    FailedByOutage,

    /// <summary>FAILED, and the CRM holds the message.</summary>
    FailedThoughSent,

    /// <summary>SENT, and the CRM holds no message.</summary>
    SentWithoutMessage,

    /// <summary>The CRM holds a message of a contact that is neither SENT nor FAILED.</summary>
    MessageWithoutSent,

    /// <summary>The verdict, or its reason, is another than what is wrong with the contact.</summary>
    WrongVerdict,

    /// <summary>SENT, and the row names a message of the CRM's that is not the contact's.</summary>
    WrongMessageId,

    /// <summary>A post of a paused or stopped campaign began after every replica had had the time to hear of it.</summary>
    SentWhilePaused,

    PagesNotReported,

    /// <summary>Two reports of one page say different things.</summary>
    ReportsContradict,

    /// <summary>A report says something else than the database, or is of no page that was published.</summary>
    ReportsWrong,

    /// <summary>A message that is not one of the planted ones is among the dead letters.</summary>
    PagesDeadLettered,

    /// <summary>A planted message is not among the dead letters.</summary>
    PoisonMissing,

    /// <summary>The dead letter of a planted message does not say why it is one, or where it came from.</summary>
    PoisonUntold,

    PagesParked,

    /// <summary>Pages are left in the broker.</summary>
    PagesWaiting,

    /// <summary>A replica does not become ready after peace.</summary>
    ReplicasNotReady,

    /// <summary>The CRM got a request that it does not know.</summary>
    CrmRequestsUnknown,

    /// <summary>A replica ended without having been killed or told to.</summary>
    ReplicasCrashed,

    /// <summary>A replica did not end in the grace period after SIGTERM.</summary>
    StopsOverdue,

    /// <summary>Less than half of the messages were stored before peace: the run has tried too little.</summary>
    FaultsMissedTheWork,

    /// <summary>A fault could not be carried out: the run is not the one that was planned.</summary>
    FaultsNotCarriedOut,
}
