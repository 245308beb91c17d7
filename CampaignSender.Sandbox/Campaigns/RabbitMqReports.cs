using System.Collections.Concurrent;
using System.Text;
using CampaignSender.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>Hands on the reports of a queue, each message once, also after a delivery that could not be acknowledged.</summary>
internal sealed class RabbitMqReports
{
    private readonly ConcurrentDictionary<string, bool> _seen = new();
    private readonly IChannel _channel;

    public RabbitMqReports(IChannel channel)
    {
        _channel = channel;
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) => Take(delivery);
        Consumer = consumer;
    }

    public IAsyncBasicConsumer Consumer { get; }

    public TrackedReports Received { get; } = new();

    private static string? IdOf(IReadOnlyBasicProperties properties) =>
        properties.Headers?.TryGetValue(MessageHeaderNames.MessageId, out var header) is true && header is byte[] id
            ? Encoding.UTF8.GetString(id)
            : null;

    private async Task Take(BasicDeliverEventArgs delivery)
    {
        if (IdOf(delivery.BasicProperties) is not { } id || _seen.TryAdd(id, true))
        {
            Received.Add(delivery.Body);
        }

        try
        {
            await _channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, delivery.CancellationToken);
        }
        catch (Exception exception)
            when (exception is RabbitMQClientException or OperationCanceledException or ObjectDisposedException)
        {
            // The broker went away: the message comes again and is known by its id.
        }
    }
}
