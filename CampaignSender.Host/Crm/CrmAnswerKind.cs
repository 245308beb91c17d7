namespace CampaignSender.Host.Crm;

/// <summary>What one request to the CRM has come to.</summary>
internal enum CrmAnswerKind
{
    Ok,

    NotFound,

    /// <summary>This version of the CRM knows no such request.</summary>
    UnknownAddress,

    /// <summary>The CRM refuses this request and always will.</summary>
    Rejected,

    /// <summary>401, 403: our credentials are wrong, whoever the contact is.</summary>
    Unauthorized,

    /// <summary>429, or a 422 for a collision: certainly not carried out; the CRM takes fewer requests at once.</summary>
    Throttled,

    /// <summary>The request was not made: the CRM wants none for longer than is worth a wait.</summary>
    Held,

    /// <summary>The request was not made: the inbox has sent as much as it may for now.</summary>
    QuotaUsedUp,

    /// <summary>Certainly not carried out; worth another try.</summary>
    Retryable,

    /// <summary>The request was not made: the campaign, the claim or the service no longer allows it.</summary>
    NotMade,

    /// <summary>The request was not made: the CRM fails too often for it to be worth a try.</summary>
    CircuitOpen,

    /// <summary>The message was not posted: the contact is blocked.</summary>
    Blocked,

    /// <summary>The message was not posted: the operator wants none for the contact.</summary>
    Suppressed,

    /// <summary>The CRM has answered with an error of its own and may have carried the request out before that.</summary>
    Doubtful,

    /// <summary>The request was written and nobody knows whether it was, or still will be, carried out.</summary>
    Uncertain,

    /// <summary>By the operator's policy an uncertain dispatch is neither verified nor sent again.</summary>
    Unknown,
}
