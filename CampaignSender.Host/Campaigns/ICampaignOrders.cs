using CampaignSender.Contracts;

namespace CampaignSender.Host.Campaigns;

/// <summary>Orders as evo-flow's REST API gives them: the row first; the message to the replicas is the caller's.</summary>
internal interface ICampaignOrders
{
    /// <returns>Null: there is no such campaign.</returns>
    Task<OrderedCampaign?> Order(Guid campaignId, ControlAction action, CancellationToken cancellationToken);
}
