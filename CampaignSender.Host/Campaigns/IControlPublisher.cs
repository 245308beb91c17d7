using CampaignSender.Contracts;

namespace CampaignSender.Host.Campaigns;

/// <summary>Implemented by the transport. Returns when the broker has confirmed.</summary>
internal interface IControlPublisher
{
    Task Publish(CampaignsControl control, CancellationToken cancellationToken);
}
