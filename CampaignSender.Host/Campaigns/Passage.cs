namespace CampaignSender.Host.Campaigns;

/// <summary>What a campaign's status means for its pages.</summary>
internal enum Passage
{
    /// <summary>Contacts may be dispatched.</summary>
    Open,

    /// <summary>Paused, or not started yet: pages wait.</summary>
    Waiting,

    /// <summary>Stopped, completed or deleted: pages end.</summary>
    Ended,
}
