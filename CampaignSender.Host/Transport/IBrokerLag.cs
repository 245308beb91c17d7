namespace CampaignSender.Host.Transport;

/// <summary>How many messages wait for the sender.</summary>
internal interface IBrokerLag
{
    Task<long> Measure(CancellationToken cancellationToken);
}
