using System.Text;
using Confluent.Kafka;
using RabbitMQ.Client;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>A message as it lies in a queue or topic, its headers as texts.</summary>
internal sealed record BrokerMessage(byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public static BrokerMessage From(BasicGetResult message) =>
        new(
            message.Body.ToArray(),
            (message.BasicProperties.Headers ?? new Dictionary<string, object?>()).ToDictionary(
                header => header.Key,
                header => header.Value is byte[] text ? Encoding.UTF8.GetString(text) : $"{header.Value}"
            )
        );

    /// <summary>Of headers that occur twice, the last one counts.</summary>
    public static BrokerMessage From(Message<byte[]?, byte[]?> message)
    {
        var headers = new Dictionary<string, string>();
        foreach (var header in message.Headers)
        {
            headers[header.Key] = Encoding.UTF8.GetString(header.GetValueBytes() ?? []);
        }

        return new(message.Value ?? [], headers);
    }
}
