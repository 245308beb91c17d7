using System.Net.Mime;
using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Tracking;
using RabbitMQ.Client;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>Publishes persistent messages and returns when the broker has confirmed them.</summary>
internal sealed class RabbitMqPublisher(RabbitMqConnections connections, TimeProvider time)
    : ITrackedPublisher,
        IControlPublisher,
        IPagePublisher,
        IAsyncDisposable
{
    private readonly ConfirmedChannel _channel = new(connections, "publisher", time) { Prepare = DeclareReports };

    public Task Publish(CampaignsTracked report, CancellationToken cancellationToken) =>
        Publish(
            Topics.Tracked,
            MessageWriter.Write(report),
            ProducedHeaders.Of(report.CorrelationId),
            cancellationToken
        );

    public Task Publish(CampaignsControl control, CancellationToken cancellationToken) =>
        Publish(
            Topics.Control,
            MessageWriter.Write(control),
            ProducedHeaders.Of(control.CorrelationId),
            cancellationToken
        );

    public Task Publish(
        byte[] body,
        IReadOnlyDictionary<string, string> headers,
        CancellationToken cancellationToken
    ) => Publish(Topics.Send, body, headers, cancellationToken);

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    // As evo-flow has it. The exchange of pages is there: the endpoint is bound to it.
    private static Task DeclareReports(IChannel channel, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(
            Topics.Tracked,
            ExchangeType.Topic,
            durable: true,
            cancellationToken: cancellationToken
        );

    private Task Publish(
        string topic,
        byte[] body,
        IReadOnlyDictionary<string, string> headers,
        CancellationToken cancellationToken
    )
    {
        var properties = new BasicProperties
        {
            ContentType = MediaTypeNames.Application.Json,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = headers.ToDictionary(header => header.Key, object? (header) => header.Value),
        };
        // A page that does not reach our queue would be lost, whoever else is bound to the exchange; a report that nobody listens
        // to is nobody's.
        return _channel.Publish(
            (channel, token) =>
                topic is Topics.Send
                    ? channel.BasicPublishAsync("", Queues.Send, mandatory: true, properties, body, token)
                    : channel.BasicPublishAsync(topic, topic, mandatory: false, properties, body, token),
            cancellationToken
        );
    }
}
