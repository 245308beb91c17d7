using System.Text;
using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

internal static class KafkaHeaders
{
    /// <summary>
    /// Headers that are no UTF-8 are read with replacements; of those with the same key the last one counts.
    /// </summary>
    public static Dictionary<string, string> Texts(Headers headers) =>
        headers
            .GroupBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(
                same => same.Key,
                same => Encoding.UTF8.GetString(same.Last().GetValueBytes() ?? []),
                StringComparer.OrdinalIgnoreCase
            );
}
