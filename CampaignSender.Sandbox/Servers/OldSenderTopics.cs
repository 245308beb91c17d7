using CampaignSender.Contracts;

namespace CampaignSender.Sandbox.Servers;

/// <summary>What the sender before this one works with on Kafka.</summary>
internal static class OldSenderTopics
{
    public const int PagePartitions = 12;

    /// <summary>Of the others the number is not known; more than one shows who reads only the first.</summary>
    private const int OtherPartitions = 3;

    public static IReadOnlyCollection<KafkaTopic> All { get; } =
    [
        new(Topics.Send, PagePartitions),
        new(Topics.Tracked, OtherPartitions),
        new(Topics.Control, OtherPartitions),
        new(Topics.Pack, OtherPartitions),
        new(Topics.SendDeadLetters, OtherPartitions),
    ];
}
