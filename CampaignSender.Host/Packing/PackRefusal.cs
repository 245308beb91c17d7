namespace CampaignSender.Host.Packing;

/// <summary>Why a campaign was not packed. Nothing was changed then.</summary>
internal enum PackRefusal
{
    /// <summary>It is neither being sent, nor paused, nor completed.</summary>
    Status,

    /// <summary>Nobody knows how many pages it has.</summary>
    PagesNotCounted,

    /// <summary>Its contacts' rows are new, and nobody has said whether for the sending before or for the next one.</summary>
    SendingNotKnown,
}
