using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>A message of the topic and what has become of it so far.</summary>
internal sealed class ReceivedPage(PartitionPages partition, ConsumeResult<byte[]?, byte[]?> message)
{
    public PartitionPages Partition => partition;

    public ConsumeResult<byte[]?, byte[]?> Message { get; private set; } = message;

    /// <summary>How often our own infrastructure has failed it.</summary>
    public int Failures { get; set; }

    public bool IsFinished { get; private set; }

    /// <summary>Its content is let go: behind a page that lasts, thousands may wait to be committed.</summary>
    public void Finish()
    {
        IsFinished = true;
        Message = new ConsumeResult<byte[]?, byte[]?> { TopicPartitionOffset = Message.TopicPartitionOffset };
    }
}
