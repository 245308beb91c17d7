using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

internal static class KafkaPartitions
{
    /// <exception cref="KafkaException">There is no such topic, or no broker answers.</exception>
    public static List<TopicPartition> PartitionsOf(this IAdminClient admin, string topic, TimeSpan timeout)
    {
        var found = admin.GetMetadata(topic, timeout).Topics.Find(known => known.Topic == topic);
        if (found is null or { Partitions.Count: 0 })
        {
            var code = found is { Error.IsError: true } ? found.Error.Code : ErrorCode.UnknownTopicOrPart;
            throw new KafkaException(new Error(code, $"{topic}: {code.GetReason()}"));
        }

        return [.. found.Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
    }
}
