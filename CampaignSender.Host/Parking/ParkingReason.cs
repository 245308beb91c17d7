namespace CampaignSender.Host.Parking;

/// <summary>Why a page cannot finish now.</summary>
internal enum ParkingReason
{
    /// <summary>Paused, or not started yet: waits for its campaign.</summary>
    CampaignNotSending,

    /// <summary>evo-flow takes the campaign for done, but contacts of the page are pending: waits until it sends again.</summary>
    CampaignCompleted,

    /// <summary>Some of its contacts are claimed by another delivery, which may be one that crashed.</summary>
    ClaimedElsewhere,

    /// <summary>The CRM refuses our credentials.</summary>
    CrmUnauthorized,

    /// <summary>The CRM wants fewer requests.</summary>
    CrmThrottled,

    /// <summary>The CRM does not answer as it should.</summary>
    CrmUnavailable,

    /// <summary>Whether a few contacts were posted can be found out only later, and others wanted the page's place.</summary>
    OutcomeAwaited,

    /// <summary>Whether some contact was posted could not be found out yet.</summary>
    OutcomeUnverified,

    /// <summary>It took longer than a page may hold its place.</summary>
    TimeBudget,

    /// <summary>Outside of the hours at which contacts may be written to.</summary>
    WindowClosed,

    /// <summary>The inbox has sent as much as it may for now.</summary>
    QuotaUsedUp,

    /// <summary>Its contacts were deleted a short while ago: evo-flow packs its campaign again.</summary>
    PackedAnew,

    /// <summary>An operator has packed it; it waits for its first publication.</summary>
    Packed,
}
