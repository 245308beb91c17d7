using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

internal static class KafkaPartitions
{
    /// <exception cref="KafkaException">There is no such topic, or no broker answers.</exception>
    public static List<TopicPartition> PartitionsOf(this IAdminClient admin, string topic, TimeSpan timeout)
    {
        var found = admin.GetMetadata(topic, timeout).Topics.Single(known => known.Topic == topic);
        return found.Error.IsError
            ? throw new KafkaException(found.Error)
            : [.. found.Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
    }
}
