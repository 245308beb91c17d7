using CampaignSender.Contracts;
using CampaignSender.Host.Transport;
using CampaignSender.Host.Transport.Kafka;
using CampaignSender.Sandbox.Servers;
using Confluent.Kafka;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending.Kafka;

/// <summary>Beside the contract that holds for either broker.</summary>
internal sealed class When_the_lag_of_partitions_is_measured : KafkaTest
{
    private KafkaLag _lag = null!;

    [SetUp]
    public void MakeIt() => _lag = NewLag();

    [TearDown]
    public void EndIt() => _lag.Dispose();

    [TestCase(false), TestCase(true), CancelAfter(60_000)]
    public async Task It_takes_four_round_trips(bool isCommitted, CancellationToken cancellationToken)
    {
        var roundTrip = TimeSpan.FromMilliseconds(500);
        if (isCommitted)
        {
            var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
            var replica = await Scene.StartReplica(cancellationToken);
            await Scene.Publish(plan, cancellationToken);
            await Scene.WaitForAcknowledgement(cancellationToken);
            await replica.Stop(cancellationToken);
        }

        // Connects to all brokers.
        await _lag.Measure(cancellationToken);
        await Faults.SetLatency(roundTrip, cancellationToken);
        var trips = new List<double>();
        for (var poll = 0; poll < 5; poll++)
        {
            var started = TimeProvider.System.GetTimestamp();
            await _lag.Measure(cancellationToken);
            trips.Add(TimeProvider.System.GetElapsedTime(started) / roundTrip);
        }

        TestContext.Out.WriteLine($"round trips: {string.Join("; ", trips.Select(each => $"{each:0.00}"))}");
        // The client's own upkeep adds a trip or two now and then, but none is ever saved.
        Assert.That(trips.Min(), Is.LessThan(5));
    }

    [TestCase(false), TestCase(true), CancelAfter(30_000)]
    public async Task Without_a_commit_that_is_left_it_counts_from_the_first_message_that_is(
        bool hasExpiredCommit,
        CancellationToken cancellationToken
    )
    {
        if (hasExpiredCommit)
        {
            Commit(0);
        }

        // More than a partition of the mock cluster keeps.
        for (var count = 0; count < 4; count++)
        {
            await Publish(3, new byte[2_000_000], cancellationToken);
        }

        var partitions = await Offsets.Partitions(Topics.Send, cancellationToken);
        var begin = (await Offsets.Begins(partitions, cancellationToken))[partitions[3]].Value;

        var lag = await _lag.Measure(cancellationToken);

        Assume.That(begin, Is.Positive);
        Assert.That(lag.Single(each => each.Partition == 3).Messages, Is.EqualTo(4 - begin));
        Assert.That(lag.Sum(each => each.Messages), Is.EqualTo(4 - begin));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_topic_that_was_made_anew_has_no_lag_below_zero(CancellationToken cancellationToken)
    {
        Commit(17);

        Assert.That((await _lag.Measure(cancellationToken)).Select(each => each.Messages), Is.All.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task What_a_broker_does_not_tell_is_no_lag_of_zero(CancellationToken cancellationToken)
    {
        await Publish(3, new byte[10], cancellationToken);
        await _lag.Measure(cancellationToken);

        // Closes the connections over which they ask, whichever broker and end of the partitions it is.
        Faults.FailNext(KafkaRequest.ListOffsets, [.. Enumerable.Repeat(ErrorCode.Local_Transport, 1_000)]);
        await Assert.ThatAsync(() => _lag.Measure(cancellationToken), Throws.InstanceOf<KafkaException>());

        Faults.Clear(KafkaRequest.ListOffsets);
        Assert.That((await MeasureAtLast(cancellationToken)).Sum(each => each.Messages), Is.EqualTo(1));
    }

    /// <summary>librdkafka's admin client would end the process when the coordinator is back.</summary>
    [Test, CancelAfter(60_000)]
    public async Task A_coordinator_that_is_away_for_longer_than_a_request_may_take_is_asked_again(
        CancellationToken cancellationToken
    )
    {
        const int Broker = 2;
        await Faults.SetCoordinator(KafkaNames.SendGroup, Broker, cancellationToken);
        await _lag.Measure(cancellationToken);

        await Faults.StopBroker(Broker, cancellationToken);
        await Assert.ThatAsync(() => _lag.Measure(cancellationToken), Throws.InstanceOf<KafkaException>());
        await Kafka.Start(cancellationToken);

        Assert.That(await MeasureAtLast(cancellationToken), Is.Not.Empty);
    }

    /// <summary>A native client that is freed under a request of its own ends the process.</summary>
    [Test, CancelAfter(60_000)]
    public async Task A_stop_may_come_while_it_is_asked(CancellationToken cancellationToken)
    {
        var lag = NewLag();
        await lag.Measure(cancellationToken);
        await Kafka.Stop(cancellationToken);
        using var stopping = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThatAsync(
            () => lag.Measure(stopping.Token),
            Throws.InstanceOf<OperationCanceledException>().Or.InstanceOf<KafkaException>()
        );

        lag.Dispose();

        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task It_stays_the_same_while_the_partitions_move(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 30, pageSize: 1, cancellationToken);
        (string, string?) shortDrain = ("Shutdown:DrainTimeout", "00:00:00.500");
        await Scene.StartReplica(cancellationToken, shortDrain);
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await using (await connection.BeginTransactionAsync(cancellationToken))
        {
            // No page gets on.
            await connection.ExecuteAsync("LOCK TABLE campaigns IN ACCESS EXCLUSIVE MODE");
            await Scene.Publish(plan, cancellationToken);
            await Scene.StartReplica(cancellationToken, shortDrain);
            var balanced = Scene.WaitForBalance(cancellationToken);
            var seen = new HashSet<long>();
            do
            {
                seen.Add((await _lag.Measure(cancellationToken)).Sum(each => each.Messages));
            } while (!balanced.IsCompleted);

            Assert.That(seen, Is.EqualTo([plan.PageCount]));
        }

        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);
        Assert.That((await _lag.Measure(cancellationToken)).Sum(each => each.Messages), Is.Zero);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    /// <summary>As the poller does: one that fails is followed by another.</summary>
    private async Task<IReadOnlyList<ConsumerLag>> MeasureAtLast(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await _lag.Measure(cancellationToken);
            }
            catch (KafkaException) when (!cancellationToken.IsCancellationRequested)
            {
                // Not yet.
            }
        }
    }

    private void Commit(long next)
    {
        using var group = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig { BootstrapServers = Kafka.BootstrapServers, GroupId = KafkaNames.SendGroup }
        ).Build();
        group.Commit([new TopicPartitionOffset(Topics.Send, 3, next)]);
    }

    private KafkaLag NewLag() =>
        new(
            new KafkaClients(
                Options.Create(new KafkaOptions { Brokers = Kafka.BootstrapServers }),
                NullLogger<KafkaClients>.Instance
            )
        );
}
