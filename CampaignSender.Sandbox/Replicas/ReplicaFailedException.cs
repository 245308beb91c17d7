namespace CampaignSender.Sandbox.Replicas;

internal sealed class ReplicaFailedException(string what, IEnumerable<string> lastLines)
    : Exception($"{what}. The end of its log:{Environment.NewLine}{string.Join(Environment.NewLine, lastLines)}");
