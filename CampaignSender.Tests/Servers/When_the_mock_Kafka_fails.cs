using CampaignSender.Contracts;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Servers.Mocks;
using CampaignSender.Sandbox.Servers.Programs;
using Confluent.Kafka;
using NUnit.Framework;

namespace CampaignSender.Tests.Servers;

public sealed class When_the_mock_Kafka_fails
{
    private KafkaServer _kafka = null!;
    private IProducer<Null, byte[]> _producer = null!;

    [SetUp]
    public async Task Start()
    {
        _kafka = MockKafka.Start();
        await _kafka.Create(OldSenderTopics.All, CancellationToken.None);
        _producer = KafkaMessages.Producer(_kafka.BootstrapServers);
        await Produce("before", CancellationToken.None);
    }

    [TearDown]
    public async Task End()
    {
        _producer.Dispose();
        await _kafka.DisposeAsync();
    }

    [Test, CancelAfter(10_000), Platform("Linux")]
    public async Task Its_connections_are_not_handed_on_to_programs_that_are_started(
        CancellationToken cancellationToken
    )
    {
        var (_, files) = await Command.Run("ls", ["-l", "/proc/self/fd"], cancellationToken);

        Assert.That(files, Does.Not.Contain("socket:"));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_refused_request_is_felt_once(CancellationToken cancellationToken)
    {
        _kafka.Faults.FailNext(KafkaRequest.Produce, ErrorCode.PolicyViolation);

        await Assert.ThatAsync(
            () => Produce("refused", cancellationToken),
            Throws
                .InstanceOf<ProduceException<Null, byte[]>>()
                .With.Property("Error")
                .Property("Code")
                .EqualTo(ErrorCode.PolicyViolation)
        );
        await Produce("after", cancellationToken);
        Assert.That(await Content(2, cancellationToken), Is.EqualTo(["before", "after"]));
    }

    [Test, CancelAfter(10_000)]
    public async Task Refusals_that_are_left_can_be_called_off(CancellationToken cancellationToken)
    {
        _kafka.Faults.FailNext(KafkaRequest.Produce, [.. Enumerable.Repeat(ErrorCode.PolicyViolation, 100)]);
        _kafka.Faults.Clear(KafkaRequest.Produce);

        await Produce("after", cancellationToken);
    }

    [TestCase(true), TestCase(false), CancelAfter(20_000)]
    public async Task It_keeps_what_it_acknowledged(bool killed, CancellationToken cancellationToken)
    {
        using var impatient = KafkaMessages.Producer(_kafka.BootstrapServers, patienceMs: 2_000);
        await (killed ? _kafka.Kill(cancellationToken) : _kafka.Stop(cancellationToken));
        await Assert.ThatAsync(
            () => Produce(impatient, "lost", cancellationToken),
            Throws.InstanceOf<ProduceException<Null, byte[]>>()
        );
        await _kafka.Start(cancellationToken);

        await Produce("after", cancellationToken);
        Assert.That(await Content(2, cancellationToken), Is.EqualTo(["before", "after"]));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_group_that_lost_its_brokers_goes_on_when_they_are_back(CancellationToken cancellationToken)
    {
        using var group = KafkaGroup.Join(_kafka.BootstrapServers, Topics.Send, members: 1);
        await group.Receive(1, cancellationToken);
        // Where a member that is put out meanwhile goes on.
        group.Commit(new TopicPartitionOffset(Topics.Send, 0, 1));

        await _kafka.Stop(cancellationToken);
        await _kafka.Start(cancellationToken);
        await Produce("after", cancellationToken);

        Assert.That(await group.Receive(1, cancellationToken), Is.EqualTo(["after"]));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_frozen_one_answers_when_it_thaws(CancellationToken cancellationToken)
    {
        await _kafka.Freeze(cancellationToken);
        var answer = Produce("after", cancellationToken);
        var patience = Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken);

        Assert.That(await Task.WhenAny(answer, patience), Is.SameAs(patience));

        await _kafka.Thaw(cancellationToken);
        await answer;
    }

    [Test, CancelAfter(10_000)]
    public async Task Its_latency_is_felt(CancellationToken cancellationToken)
    {
        var latency = TimeSpan.FromMilliseconds(300);
        await _kafka.Faults.SetLatency(latency, cancellationToken);
        var start = TimeProvider.System.GetTimestamp();

        await Produce("slowly", cancellationToken);

        Assert.That(TimeProvider.System.GetElapsedTime(start), Is.GreaterThan(latency));
    }

    [Test, CancelAfter(10_000)]
    public async Task Without_its_leader_a_partition_waits_for_another(CancellationToken cancellationToken)
    {
        await _kafka.Faults.SetLeader(Topics.Send, 0, broker: 2, cancellationToken);
        await Produce("to the second broker", cancellationToken);
        await _kafka.Faults.StopBroker(2, cancellationToken);
        var waiting = Produce("to whom it may concern", cancellationToken);
        var patience = Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, cancellationToken);
        Assert.That(await Task.WhenAny(waiting, patience), Is.SameAs(patience));

        await _kafka.Faults.SetLeader(Topics.Send, 0, broker: 3, cancellationToken);

        await waiting;
    }

    [Test, CancelAfter(20_000)]
    public async Task A_group_follows_its_coordinator(CancellationToken cancellationToken)
    {
        await _kafka.Faults.SetCoordinator("a-group", broker: 1, cancellationToken);
        using var group = KafkaGroup.Join(_kafka.BootstrapServers, Topics.Send, members: 1);
        await group.Receive(1, cancellationToken);
        // Where a member that is put out meanwhile goes on.
        group.Commit(new TopicPartitionOffset(Topics.Send, 0, 1));

        await _kafka.Faults.SetCoordinator("a-group", broker: 2, cancellationToken);
        await _kafka.Faults.StopBroker(1, cancellationToken);
        await _kafka.Faults.SetLeader(Topics.Send, 0, broker: 3, cancellationToken);
        await Produce("after", cancellationToken);

        Assert.That(await group.Receive(1, cancellationToken), Is.EqualTo(["after"]));
    }

    private Task Produce(string text, CancellationToken cancellationToken) =>
        Produce(_producer, text, cancellationToken);

    private static async Task Produce(
        IProducer<Null, byte[]> producer,
        string text,
        CancellationToken cancellationToken
    ) => await producer.ProduceAsync(new TopicPartition(Topics.Send, 0), KafkaMessages.Text(text), cancellationToken);

    private async Task<IReadOnlyList<string>> Content(int count, CancellationToken cancellationToken)
    {
        using var group = KafkaGroup.Join(_kafka.BootstrapServers, Topics.Send, members: 1);
        return await group.Receive(count, cancellationToken);
    }
}
