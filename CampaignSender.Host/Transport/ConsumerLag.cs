namespace CampaignSender.Host.Transport;

/// <summary>Messages that wait for the sender.</summary>
/// <param name="Partition">Null where the broker knows no partitions.</param>
/// <param name="Consumers">How many take them; null where the broker does not tell.</param>
internal sealed record ConsumerLag(string Topic, int? Partition, long Messages, long? Consumers = null);
