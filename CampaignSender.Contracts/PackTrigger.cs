namespace CampaignSender.Contracts;

/// <summary>Why a campaign is packed into pages; a lower case string on the wire.</summary>
public enum PackTrigger
{
    /// <summary><c>schedule</c>: its time has come.</summary>
    Schedule,

    /// <summary><c>manual</c>: a person started it.</summary>
    Manual,

    /// <summary><c>recurrence</c>: it repeats.</summary>
    Recurrence,
}
