using System.Net.Mime;
using CampaignSender.Contracts;
using MassTransit;
using MassTransit.Serialization;

namespace CampaignSender.Host.Transport;

/// <summary>
/// Raw JSON by the rules of the contracts: the whole body is read strictly, and a message that breaks them faults with an
/// <see cref="InvalidMessageException"/> that names every broken rule.
/// </summary>
internal sealed class CampaignSerializer(MessageLimits limits)
    : IMessageDeserializer,
        IMessageSerializer,
        ISerializerFactory
{
    public ContentType ContentType { get; } = new("application/json");

    public IMessageSerializer CreateSerializer() => this;

    public IMessageDeserializer CreateDeserializer() => this;

    public ConsumeContext Deserialize(ReceiveContext receiveContext) =>
        new BodyConsumeContext(
            receiveContext,
            Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress)
        );

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        new CampaignSerializerContext(this, body, limits, headers, destinationAddress);

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class => new BytesMessageBody(MessageWriter.Write(context.Message));

    public void Probe(ProbeContext context) => context.CreateScope("campaignJson");
}
