namespace CampaignSender.Sandbox.Servers;

internal sealed record KafkaTopic(string Name, int Partitions);
