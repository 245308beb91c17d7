namespace CampaignSender.Host.Configuration;

/// <summary>Options that are bound from one section of the configuration.</summary>
internal interface IOptionsSection
{
    static abstract string Section { get; }
}
