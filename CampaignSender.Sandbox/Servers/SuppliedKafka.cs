using System.Globalization;
using Confluent.Kafka;

namespace CampaignSender.Sandbox.Servers;

/// <summary>The Kafka that the environment names.</summary>
internal static class SuppliedKafka
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    public static async Task<KafkaServer?> Take(
        IServerLog log,
        Surroundings surroundings,
        CancellationToken cancellationToken
    )
    {
        var text = surroundings.Variable(KafkaSource.Variable);
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (!text.Split(',').All(IsAddress))
        {
            throw new ServerUnavailableException(
                $"{KafkaSource.Variable} must be host:port, several separated by commas, for instance localhost:9092."
            );
        }

        try
        {
            using var admin = RealKafka.Admin(text);
            var cluster = await Task.Run(() => admin.GetMetadata(_patience), cancellationToken);
            log.Say($"Kafka: {cluster.Brokers.Count} brokers on {text}, given by {KafkaSource.Variable}");
            return new RealKafka(text, new SuppliedServer(KafkaSource.Variable));
        }
        catch (KafkaException exception)
        {
            throw new ServerUnavailableException(
                $"{KafkaSource.Variable} names a Kafka that cannot be used: {exception.Message}",
                exception
            );
        }
    }

    private static bool IsAddress(string text) =>
        text.LastIndexOf(':') is > 0 and var colon
        && ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
