using CampaignSender.Contracts;
using CampaignSender.Sandbox.Servers;
using Confluent.Kafka;
using NUnit.Framework;

namespace CampaignSender.Tests.Servers;

public sealed class When_Kafka_is_started
{
    private LocalServers _servers = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _servers = await LocalServers.Start(ServerNeeds.Kafka, new TestServerLog(), CancellationToken.None);
        await _servers.Kafka.Create(OldSenderTopics.All, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task Stop() => await _servers.DisposeAsync();

    [Test]
    public void The_servers_that_nobody_needs_stay_away()
    {
        Assert.That(() => _servers.PostgreSql, Throws.InvalidOperationException);
        Assert.That(() => _servers.RabbitMq, Throws.InvalidOperationException);
    }

    [Test, CancelAfter(30_000)]
    public async Task The_members_of_a_group_share_the_partitions_of_the_pages(CancellationToken cancellationToken)
    {
        await using var kafka = await _servers.Kafka.Fresh(OldSenderTopics.All, cancellationToken);
        using var group = KafkaGroup.Join(kafka.BootstrapServers, Topics.Send, members: 2);
        await group.WaitForShares(OldSenderTopics.PagePartitions / 2, cancellationToken);
        using var producer = KafkaMessages.Producer(kafka.BootstrapServers);

        for (var partition = 0; partition < OldSenderTopics.PagePartitions; partition++)
        {
            await producer.ProduceAsync(
                new TopicPartition(Topics.Send, partition),
                KafkaMessages.Text($"{partition}"),
                cancellationToken
            );
        }

        Assert.That(
            await group.Receive(OldSenderTopics.PagePartitions, cancellationToken),
            Is.EquivalentTo(Enumerable.Range(0, OldSenderTopics.PagePartitions).Select(partition => $"{partition}"))
        );
    }

    [Test, CancelAfter(30_000)]
    public async Task What_a_group_has_committed_is_where_it_goes_on(CancellationToken cancellationToken)
    {
        await using var kafka = await _servers.Kafka.Fresh(OldSenderTopics.All, cancellationToken);
        using var producer = KafkaMessages.Producer(kafka.BootstrapServers);
        foreach (var text in (string[])["done", "to do"])
        {
            await producer.ProduceAsync(
                new TopicPartition(Topics.Send, 7),
                KafkaMessages.Text(text),
                cancellationToken
            );
        }

        using (var first = KafkaGroup.Join(kafka.BootstrapServers, Topics.Send, members: 1))
        {
            await first.Receive(1, cancellationToken);
            first.Commit(new TopicPartitionOffset(Topics.Send, 7, 1));
        }

        using var second = KafkaGroup.Join(kafka.BootstrapServers, Topics.Send, members: 1);
        Assert.That(await second.Receive(1, cancellationToken), Is.EqualTo(["to do"]));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_fresh_one_has_nothing_of_what_was_there(CancellationToken cancellationToken)
    {
        await using (var used = await _servers.Kafka.Fresh(OldSenderTopics.All, cancellationToken))
        {
            using var producer = KafkaMessages.Producer(used.BootstrapServers);
            await producer.ProduceAsync(Topics.Send, KafkaMessages.Text("of the last test"), cancellationToken);
        }

        await using var kafka = await _servers.Kafka.Fresh(OldSenderTopics.All, cancellationToken);
        using (var producer = KafkaMessages.Producer(kafka.BootstrapServers))
        {
            await producer.ProduceAsync(Topics.Send, KafkaMessages.Text("of this test"), cancellationToken);
        }

        using var group = KafkaGroup.Join(kafka.BootstrapServers, Topics.Send, members: 1);
        Assert.That(await group.Receive(1, cancellationToken), Is.EqualTo(["of this test"]));
    }

    [Test, CancelAfter(10_000)]
    public async Task Its_address_can_be_given_to_others(CancellationToken cancellationToken)
    {
        var surroundings = new Surroundings { Variable = _ => _servers.Kafka.BootstrapServers };

        await using var others = await LocalServers.Start(
            ServerNeeds.Kafka,
            new TestServerLog(),
            surroundings,
            cancellationToken
        );

        using (Assert.EnterMultipleScope())
        {
            Assert.That(others.Kafka.BootstrapServers, Is.EqualTo(_servers.Kafka.BootstrapServers));
            Assert.That(() => others.Kafka.Kill(cancellationToken), Throws.InstanceOf<NotSupportedException>());
            Assert.That(() => others.Kafka.Faults, Throws.InstanceOf<NotSupportedException>());
        }
    }
}
