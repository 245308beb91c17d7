namespace CampaignSender.Contracts;

/// <summary>What an operator asked of a campaign; a lower case string on the wire.</summary>
public enum ControlAction
{
    /// <summary><c>pause</c>: nothing more is sent until the campaign is resumed.</summary>
    Pause,

    /// <summary><c>stop</c>: nothing more is ever sent.</summary>
    Stop,

    /// <summary><c>resume</c>: a paused campaign goes on.</summary>
    Resume,
}
