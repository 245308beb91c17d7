namespace CampaignSender.Host.Crm;

internal enum WithheldReason
{
    /// <summary>The campaign was paused or stopped, the service stops, or the claim is no longer ours.</summary>
    NotAllowed,

    /// <summary>The CRM refuses our credentials.</summary>
    Unauthorized,
}
