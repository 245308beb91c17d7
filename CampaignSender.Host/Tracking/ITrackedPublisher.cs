using CampaignSender.Contracts;

namespace CampaignSender.Host.Tracking;

/// <summary>Implemented by the transport. Returns when the broker has confirmed.</summary>
internal interface ITrackedPublisher
{
    Task Publish(CampaignsTracked report, CancellationToken cancellationToken);
}
