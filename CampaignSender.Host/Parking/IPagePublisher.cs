namespace CampaignSender.Host.Parking;

/// <summary>Implemented by the transport. Publishes a page once more; returns when the broker has confirmed.</summary>
internal interface IPagePublisher
{
    /// <param name="body">The original bytes.</param>
    /// <param name="headers">The original ones, and those of the new publication.</param>
    Task Publish(byte[] body, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken);
}
