namespace CampaignSender.Host.Transport;

/// <summary>Messages that wait for the sender.</summary>
/// <param name="Partition">Null where the broker knows no partitions.</param>
internal sealed record ConsumerLag(string Topic, int? Partition, long Messages);
