using System.Text;
using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

internal static class KafkaHeaders
{
    /// <summary>Headers that are no UTF-8 are read with replacements.</summary>
    public static Dictionary<string, string> Texts(Headers headers) =>
        HeaderTexts.Of(headers, header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes() ?? []));
}
