using System.Diagnostics.CodeAnalysis;
using CampaignSender.Contracts;
using MassTransit;
using MassTransit.Serialization;

namespace CampaignSender.Host.Transport;

/// <summary>
/// Reads the one message of a body. Only <see cref="TryGetMessage{T}"/> is needed to consume; the members that turn a
/// received message into another one belong to MassTransit features that are not used here.
/// </summary>
internal sealed class CampaignSerializerContext(
    CampaignSerializer serializer,
    MessageBody body,
    MessageLimits limits,
    Headers headers,
    Uri? destinationAddress
)
    : BaseSerializerContext(
        SystemTextJsonMessageSerializer.Instance,
        new RawMessageContext(headers, destinationAddress, RawSerializerOptions.AnyMessageType),
        []
    )
{
    public override bool TryGetMessage<T>([NotNullWhen(true)] out T? message)
        where T : class
    {
        message = MessageParser.Parse<T>(body.GetBytes(), limits);
        return true;
    }

    public override bool IsSupportedMessageType<T>() => true;

    public override bool IsSupportedMessageType(Type messageType) => true;

    public override IMessageSerializer GetMessageSerializer() => new CopyBodySerializer(serializer.ContentType, body);

    public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message) =>
        throw NotUsed(nameof(TryGetMessage));

    public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message) =>
        throw NotUsed(nameof(GetMessageSerializer));

    public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) =>
        throw NotUsed(nameof(GetMessageSerializer));

    public override Dictionary<string, object> ToDictionary<T>(T? message)
        where T : class => throw NotUsed(nameof(ToDictionary));

    private static NotSupportedException NotUsed(string member) => new($"{member} is not used with campaign messages");
}
