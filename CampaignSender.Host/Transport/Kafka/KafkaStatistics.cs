using System.Text.Json;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>What librdkafka says of itself: https://github.com/confluentinc/librdkafka/blob/master/STATISTICS.md</summary>
/// <param name="IsConnected">A connection to at least one broker is up.</param>
/// <param name="IsMember">The group has taken the client in, with or without partitions, and no change is under way.</param>
internal readonly record struct KafkaStatistics(bool IsConnected, bool IsMember)
{
    public static KafkaStatistics Read(string statistics)
    {
        using var document = JsonDocument.Parse(statistics);
        var root = document.RootElement;
        return new(
            root.TryGetProperty("brokers", out var brokers)
                && brokers.EnumerateObject().Any(broker => Is(broker.Value, "state", "UP")),
            root.TryGetProperty("cgrp", out var group) && Is(group, "state", "up") && Is(group, "join_state", "steady")
        );
    }

    private static bool Is(JsonElement element, string property, string value) =>
        element.GetProperty(property).ValueEquals(value);
}
