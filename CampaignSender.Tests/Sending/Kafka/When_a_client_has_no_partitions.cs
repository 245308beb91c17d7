using CampaignSender.Contracts;
using CampaignSender.Host.Transport;
using CampaignSender.Host.Transport.Kafka;
using CampaignSender.Sandbox.Servers;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending.Kafka;

internal sealed class When_a_client_has_no_partitions : KafkaTest
{
    /// <summary>Else it would be taken for one that its group leaves outside, and be replaced again and again.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Its_statistics_say_that_it_is_a_member(CancellationToken cancellationToken)
    {
        await using var kafka = await Kafka.Fresh([new KafkaTopic(Topics.Send, 1)], cancellationToken);
        var clients = new KafkaClients(
            Options.Create(new KafkaOptions { Brokers = kafka.BootstrapServers, Properties = kafka.QuickGroups }),
            NullLogger<KafkaClients>.Instance
        );
        var areMembers = new bool[2];
        using var first = Member(0);
        using var second = Member(1);

        await Task.Run(
            () =>
            {
                while (!areMembers.All(isMember => isMember) || first.Assignment.Count + second.Assignment.Count == 0)
                {
                    first.Consume(TimeSpan.FromMilliseconds(50));
                    second.Consume(TimeSpan.FromMilliseconds(50));
                    cancellationToken.ThrowIfCancellationRequested();
                }
            },
            cancellationToken
        );

        Assert.That(first.Assignment.Count + second.Assignment.Count, Is.EqualTo(1), "one has none");

        IConsumer<byte[]?, byte[]?> Member(int number)
        {
            var consumer = clients
                .PageConsumer()
                .SetStatisticsHandler((_, text) => areMembers[number] = KafkaStatistics.Read(text).IsMember)
                .Build();
            consumer.Subscribe(Topics.Send);
            return consumer;
        }
    }
}
