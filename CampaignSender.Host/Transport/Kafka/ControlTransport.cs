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
) : KafkaReceiveTransport(endpoint)
{
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private readonly IReceivePipeDispatcher _dispatcher = endpoint.CreateReceivePipeDispatcher();

    protected override void Receive(CancellationToken stopping)
    {
        var builder = clients.ControlConsumer();
        Watch(builder);
        using var consumer = builder.Build();
        try
        {
            TakePosition(consumer, stopping);
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

    private void TakePosition(IConsumer<byte[]?, byte[]?> consumer, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                consumer.Assign(EndOfTopic(consumer));
                Health.Joined();
                return;
            }
            catch (KafkaException exception)
            {
                Health.ConsumingFailed(exception);
                LogNotReady(logger, topic, exception.Error.Reason, RetryDelay.TotalSeconds);
                stopping.WaitHandle.WaitOne(RetryDelay);
            }
        }
    }

    // The offsets themselves, since "the end" would be looked up some time after we say that we are ready.
    private List<TopicPartitionOffset> EndOfTopic(IConsumer<byte[]?, byte[]?> consumer)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var found = admin.GetMetadata(topic, RequestTime).Topics.Find(known => known.Topic == topic);
        if (found is null or { Partitions.Count: 0 })
        {
            throw new KafkaException(
                found is { Error.IsError: true } ? found.Error.Code : ErrorCode.UnknownTopicOrPart
            );
        }

        return found
            .Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))
            .Select(partition => new TopicPartitionOffset(
                partition,
                consumer.QueryWatermarkOffsets(partition, RequestTime).High
            ))
            .ToList();
    }

    private ConsumeResult<byte[]?, byte[]?>? Poll(IConsumer<byte[]?, byte[]?> consumer)
    {
        try
        {
            var message = consumer.Consume(PollTime);
            Health.Consumed();
            return message;
        }
        catch (ConsumeException exception)
        {
            Health.ConsumingFailed(exception);
            LogCannotConsume(logger, topic, exception.Error.Reason);
            return null;
        }
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

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Topic} cannot be read yet: {Reason}; next try in {DelaySeconds:0} s"
    )]
    private static partial void LogNotReady(ILogger logger, string topic, string reason, double delaySeconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Topic} cannot be consumed now: {Reason}")]
    private static partial void LogCannotConsume(ILogger logger, string topic, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The control message at {Place} is discarded: {Reason}")]
    private static partial void LogDiscarded(ILogger logger, TopicPartitionOffset place, string reason);
}
