using System.Text;
using RabbitMQ.Client;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>A message as it lies in a queue, its headers as texts.</summary>
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
}
