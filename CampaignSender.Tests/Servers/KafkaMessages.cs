using System.Text;
using Confluent.Kafka;

namespace CampaignSender.Tests.Servers;

/// <summary>Publishes texts, and is quick to say when that fails.</summary>
internal static class KafkaMessages
{
    public static IProducer<Null, byte[]> Producer(string bootstrapServers) => new ProducerBuilder<Null, byte[]>(
            new ProducerConfig
            {
                BootstrapServers = bootstrapServers,
                MessageTimeoutMs = 2_000,
                ReconnectBackoffMs = 50,
                ReconnectBackoffMaxMs = 200,
            }
        ).SetLogHandler((_, _) => { }).Build();

    public static Message<Null, byte[]> Text(string text) => new() { Value = Encoding.UTF8.GetBytes(text) };
}
