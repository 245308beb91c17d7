using System.Net;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Servers.Mocks;
using CampaignSender.Sandbox.Stages;
using CampaignSender.Tests.Servers;
using Confluent.Kafka;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending.Kafka;

/// <summary>A test about what only Kafka has: partitions, offsets, groups.</summary>
internal abstract class KafkaTest() : SendingTest(BrokerKind.Kafka)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private IAdminClient _admin = null!;

    protected KafkaOffsets Offsets { get; private set; } = null!;

    protected KafkaServer Kafka => Scene.Kafka!;

    /// <summary>Skips the test where Kafka cannot be told to fail.</summary>
    protected KafkaFaults Faults
    {
        get
        {
            Assume.That(Kafka, Is.InstanceOf<MockKafka>());
            return Kafka.Faults;
        }
    }

    [SetUp]
    public void WatchOffsets()
    {
        _admin = RealKafka.Admin(Kafka.BootstrapServers);
        Offsets = new KafkaOffsets(_admin, Kafka.BootstrapServers, KafkaCampaignBroker.Group);
    }

    [TearDown]
    public void StopWatching()
    {
        Offsets.Dispose();
        _admin.Dispose();
    }

    /// <summary>Properties of librdkafka beside those that let groups notice soon that a member is gone.</summary>
    protected (string Key, string? Value) Properties(string more) =>
        ("Kafka:Properties", $"{Kafka.QuickGroups};{more}");

    protected async Task Publish(int partition, CampaignPlan plan, CancellationToken cancellationToken)
    {
        foreach (var page in plan.Pages())
        {
            await Publish(partition, MessageWriter.Write(page), cancellationToken);
        }
    }

    protected Task Publish(int partition, byte[] body, CancellationToken cancellationToken) =>
        ((KafkaCampaignBroker)Scene.Broker).Publish(Topics.Send, partition, body, cancellationToken);

    /// <summary>Where the group goes on; null where it has committed nothing.</summary>
    protected async Task<long?> Committed(int partition, CancellationToken cancellationToken)
    {
        var committed = await Offsets.Committed([new TopicPartition(Topics.Send, partition)], cancellationToken);
        return committed.Values.Select(offset => (long?)offset.Value).SingleOrDefault();
    }

    protected async Task WaitForCommit(int partition, long offset, CancellationToken cancellationToken)
    {
        await Eventually.Holds(async () => await Committed(partition, cancellationToken) == offset, cancellationToken);
    }

    /// <summary>Waits until <c>/ready</c> says so, or until it does not any more, and returns what it says.</summary>
    protected static async Task<string> WaitForReadiness(
        RunningReplica replica,
        bool isReady,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            using var answer = await replica.Http.GetAsync("ready", cancellationToken);
            if (isReady == (answer.StatusCode is HttpStatusCode.OK))
            {
                return await answer.Content.ReadAsStringAsync(cancellationToken);
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
