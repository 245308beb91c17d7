namespace CampaignSender.Contracts;

/// <summary>The channel that a campaign is sent through; a lower case string on the wire.</summary>
public enum ChannelType
{
    /// <summary><c>whatsapp</c></summary>
    Whatsapp,

    /// <summary><c>email</c></summary>
    Email,

    /// <summary><c>sms</c></summary>
    Sms,
}
