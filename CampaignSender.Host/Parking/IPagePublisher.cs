namespace CampaignSender.Host.Parking;

/// <summary>Implemented by the transport. Publishes the original bytes and headers; returns when the broker has confirmed.</summary>
internal interface IPagePublisher
{
    Task Publish(ParkedPage page, CancellationToken cancellationToken);
}
