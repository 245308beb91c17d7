using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>A message of the topic and what has become of it so far.</summary>
internal sealed class ReceivedPage(PartitionPages partition, ConsumeResult<byte[]?, byte[]?> message)
{
    public PartitionPages Partition => partition;

    public ConsumeResult<byte[]?, byte[]?> Message => message;

    /// <summary>How often our own infrastructure has failed it.</summary>
    public int Failures { get; set; }

    public bool IsFinished { get; set; }
}
