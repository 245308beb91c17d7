namespace CampaignSender.Sandbox.Chaos;

/// <summary>What must become of a contact.</summary>
internal enum ContactFate
{
    /// <summary>SENT, with one message in the CRM.</summary>
    Reachable,

    /// <summary>FAILED with contact_not_found: the CRM does not know it.</summary>
    Missing,

    /// <summary>SKIPPED with contact_blocked.</summary>
    Blocked,
}
