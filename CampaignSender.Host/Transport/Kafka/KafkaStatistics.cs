using System.Text.Json;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>What librdkafka says of itself: https://github.com/confluentinc/librdkafka/blob/master/STATISTICS.md</summary>
internal sealed class KafkaStatistics : IDisposable
{
    private readonly JsonDocument _document;

    private KafkaStatistics(JsonDocument document) => _document = document;

    /// <summary>Whether a connection to at least one broker is up.</summary>
    public bool IsConnected => Of("brokers").Any(broker => broker.Value.GetProperty("state").ValueEquals("UP"u8));

    public static KafkaStatistics Parse(string statistics) => new(JsonDocument.Parse(statistics));

    /// <summary>Whether messages of at least one partition are asked for.</summary>
    public bool IsFetching(string topic) =>
        Of("topics")
            .Where(each => each.NameEquals(topic))
            .SelectMany(each => each.Value.GetProperty("partitions").EnumerateObject())
            .Any(partition => partition.Value.GetProperty("fetch_state").ValueEquals("active"u8));

    public void Dispose() => _document.Dispose();

    private JsonElement.ObjectEnumerator Of(string name) =>
        _document.RootElement.TryGetProperty(name, out var all) ? all.EnumerateObject() : default;
}
