using System.Text.Json;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>Reads what librdkafka says of itself: https://github.com/confluentinc/librdkafka/blob/master/STATISTICS.md</summary>
internal static class KafkaStatistics
{
    /// <summary>Whether a connection to at least one broker is up.</summary>
    public static bool IsConnected(string statistics)
    {
        using var document = JsonDocument.Parse(statistics);
        return document.RootElement.TryGetProperty("brokers", out var brokers)
            && brokers.EnumerateObject().Any(broker => broker.Value.GetProperty("state").ValueEquals("UP"u8));
    }
}
