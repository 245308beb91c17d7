namespace CampaignSender.Host.Crm;

/// <summary>What the throttle says to a request that would be made.</summary>
internal enum ThrottleVerdict
{
    /// <summary>It may be made, and is expected to be: its answer may be what all others wait for.</summary>
    Granted,

    /// <summary>The CRM wants none for longer than is worth a wait.</summary>
    Held,

    /// <summary>The turn that it would be made on ran out before its time came. It counts for nothing.</summary>
    TooLate,
}
