namespace CampaignSender.Host;

/// <summary>Why the dispatching of a page came to its end, declared in the order of gravity: of several the gravest counts.</summary>
internal enum PageHalt
{
    /// <summary>Every contact that could be claimed has a result.</summary>
    None,

    /// <summary>Whether a few contacts were posted is not known yet, and nobody else is left.</summary>
    Awaited,

    /// <summary>The campaign, its sending hours, its inbox's quota or the service came to an end or a pause.</summary>
    Left,

    TimeBudget,

    /// <summary>The CRM fails, whoever the contact is.</summary>
    Unavailable,

    /// <summary>The CRM wants fewer requests.</summary>
    Throttled,

    /// <summary>The CRM refuses our credentials.</summary>
    Unauthorized,

    /// <summary>Whether some contact was posted is not known.</summary>
    Unverified,
}
