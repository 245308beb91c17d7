using System.Net.Mime;
using System.Text;
using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Tracking;
using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>Produces reports and redriven pages, without a key as evo-flow's producers do.</summary>
internal sealed class KafkaPublisher(KafkaProducer producer) : ITrackedPublisher, IControlPublisher, IPagePublisher
{
    private const string ContentType = "content-type";

    public Task Publish(CampaignsTracked report, CancellationToken cancellationToken) =>
        Produce(
            Topics.Tracked,
            MessageWriter.Write(report),
            ProducedHeaders.Of(report.CorrelationId),
            cancellationToken
        );

    public Task Publish(CampaignsControl control, CancellationToken cancellationToken) =>
        Produce(
            Topics.Control,
            MessageWriter.Write(control),
            ProducedHeaders.Of(control.CorrelationId),
            cancellationToken
        );

    public Task Publish(
        byte[] body,
        IReadOnlyDictionary<string, string> headers,
        CancellationToken cancellationToken
    ) => Produce(Topics.Send, body, headers, cancellationToken);

    private Task Produce(
        string topic,
        byte[] body,
        IReadOnlyDictionary<string, string> texts,
        CancellationToken cancellationToken
    )
    {
        var headers = new Headers();
        if (!texts.ContainsKey(ContentType))
        {
            headers.Add(ContentType, Encoding.UTF8.GetBytes(MediaTypeNames.Application.Json));
        }

        foreach (var (key, value) in texts)
        {
            headers.Add(key, Encoding.UTF8.GetBytes(value));
        }

        return producer.Produce(
            topic,
            new Message<byte[]?, byte[]?> { Value = body, Headers = headers },
            cancellationToken
        );
    }
}
