namespace CampaignSender.Host.Crm;

/// <summary>What becomes of a dispatch that may or may not have been carried out.</summary>
internal enum UncertainPolicy
{
    /// <summary>Ask the CRM; send again only what it provably did not store.</summary>
    Verify,

    /// <summary>Send again: nobody is forgotten, somebody may get a message twice.</summary>
    Resend,

    /// <summary>Give up: nobody gets a message twice, somebody may get none.</summary>
    Fail,
}
