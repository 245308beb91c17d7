namespace CampaignSender.Host.Transport.Kafka;

/// <summary>A topic as it stands after provisioning.</summary>
internal sealed record ProvisionedTopic(string Name, int Partitions, bool WasMissing);
