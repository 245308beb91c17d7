namespace CampaignSender.Host.Crm;

internal enum WithheldReason
{
    /// <summary>The campaign was paused or stopped, the service stops, or the claim is no longer ours.</summary>
    NotAllowed,

    /// <summary>The CRM refuses our credentials.</summary>
    Unauthorized,

    /// <summary>The CRM wants fewer requests.</summary>
    Throttled,

    /// <summary>The CRM fails, whoever the contact is.</summary>
    Unavailable,

    /// <summary>The CRM fails so often that no request is made.</summary>
    CircuitOpen,

    /// <summary>The inbox has sent as much as it may for now.</summary>
    QuotaUsedUp,
}
