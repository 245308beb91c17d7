using Confluent.Kafka;
using MassTransit.Context;
using MassTransit.Transports;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// Reads all partitions of a topic, without a group: every replica receives every message that is published after the
/// endpoint is ready. What was published before is history; the campaigns' rows tell of it.
/// </summary>
internal sealed partial class ControlTransport(
    string topic,
    ReceiveEndpointContext endpoint,
    KafkaClients clients,
    ILogger<ControlTransport> logger
) : KafkaReceiveTransport(topic, endpoint, logger)
{
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(10);

    private readonly IReceivePipeDispatcher _dispatcher = endpoint.CreateReceivePipeDispatcher();

    protected override void Receive(CancellationToken stopping)
    {
        var builder = clients.ControlConsumer();
        Watch(builder);
        using var consumer = builder.Build();
        try
        {
            consumer.Assign(EndOfTopic(consumer));
            Health.Joined();
            while (!stopping.IsCancellationRequested)
            {
                if (Poll(consumer) is { } message)
                {
                    Consume(message);
                }
            }
        }
        finally
        {
            consumer.Close();
        }
    }

    // The offsets themselves, since "the end" would be looked up some time after we say that we are ready.
    private List<TopicPartitionOffset> EndOfTopic(IConsumer<byte[]?, byte[]?> consumer)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        return
        [
            .. admin
                .PartitionsOf(Topic, RequestTime)
                .Select(partition => new TopicPartitionOffset(
                    partition,
                    consumer.QueryWatermarkOffsets(partition, RequestTime).High
                )),
        ];
    }

    private void Consume(ConsumeResult<byte[]?, byte[]?> message)
    {
        using var context = new KafkaReceiveContext(message, redelivered: false, Endpoint);
        try
        {
            _dispatcher.Dispatch(context, NoLockReceiveContext.Instance).GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            // The campaign's status in the database takes effect without the message.
            LogDiscarded(logger, message.TopicPartitionOffset, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The control message at {Place} is discarded: {Reason}")]
    private static partial void LogDiscarded(ILogger logger, TopicPartitionOffset place, string reason);
}
