namespace CampaignSender.Host.Crm;

internal enum WithheldReason
{
    /// <summary>It is not to be sent now: <see cref="DispatchOrder.MayDispatch"/> said no.</summary>
    NotAllowed,

    /// <summary>Something of our own failed before the message was posted.</summary>
    Fault,

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
