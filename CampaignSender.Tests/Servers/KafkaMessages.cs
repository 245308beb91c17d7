using System.Text;
using Confluent.Kafka;

namespace CampaignSender.Tests.Servers;

/// <summary>Publishes texts.</summary>
internal static class KafkaMessages
{
    /// <param name="bootstrapServers">Where to.</param>
    /// <param name="patienceMs">How long it tries to deliver a message before it says that this fails.</param>
    public static IProducer<Null, byte[]> Producer(string bootstrapServers, int patienceMs = 30_000)
    {
        var configuration = new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            MessageTimeoutMs = patienceMs,
            ReconnectBackoffMs = 50,
            ReconnectBackoffMaxMs = 200,
        };
        return new ProducerBuilder<Null, byte[]>(configuration).SetLogHandler((_, _) => { }).Build();
    }

    public static Message<Null, byte[]> Text(string text) => new() { Value = Encoding.UTF8.GetBytes(text) };
}
