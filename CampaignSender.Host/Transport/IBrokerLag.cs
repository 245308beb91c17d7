namespace CampaignSender.Host.Transport;

/// <summary>Measures how many messages wait for the sender, without disturbing those who consume.</summary>
internal interface IBrokerLag
{
    Task<IReadOnlyList<ConsumerLag>> Measure(CancellationToken cancellationToken);
}
