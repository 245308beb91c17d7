namespace CampaignSender.Host.Campaigns;

/// <summary>What a campaign's status means for its pages.</summary>
internal enum Passage
{
    /// <summary>Contacts may be dispatched.</summary>
    Open,

    /// <summary>Paused, or not started yet: pages wait.</summary>
    Waiting,

    /// <summary>Completed: pages with pending contacts wait for somebody to pack the campaign anew, or to drop them.</summary>
    Completed,

    /// <summary>Stopped or deleted: pages end.</summary>
    Ended,
}
