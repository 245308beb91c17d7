using CampaignSender.Contracts;
using CampaignSender.Sandbox.Replicas;
using CampaignSender.Sandbox.Servers;
using Confluent.Kafka;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending.Kafka;

internal sealed class When_Kafka_fails : KafkaTest
{
    [Test, CancelAfter(90_000)]
    public async Task An_outage_costs_nothing_but_time(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 60, pageSize: 10, cancellationToken);
        var replica = await Scene.StartPatientReplica(cancellationToken);
        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(10, cancellationToken);

        await Kafka.Stop(cancellationToken);
        Scene.Crm.Release();
        var reason = await WaitForReadiness(replica, isReady: false, cancellationToken);
        TestContext.Out.WriteLine(reason);
        Assert.That(reason, Does.Contain("\"broker\""));
        await Kafka.Start(cancellationToken);

        await WaitForReadiness(replica, isReady: true, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(await Scene.Broker.CountDeadLetters(cancellationToken), Is.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task Its_lag_is_told_no_more(CancellationToken cancellationToken)
    {
        const string Lag = "campaign_sender_consumer_lag";
        var replica = await Scene.StartReplica(cancellationToken);
        await Metrics.WaitFor(replica.Http, scraped => scraped.Has(Lag), cancellationToken);

        await Kafka.Stop(cancellationToken);
        try
        {
            await Metrics.WaitFor(replica.Http, scraped => !scraped.Has(Lag), cancellationToken);
        }
        finally
        {
            await Kafka.Start(CancellationToken.None);
        }
    }

    /// <summary>As when its partitions were lost and the group does not take it back.</summary>
    [Test, CancelAfter(60_000)]
    public async Task A_replica_that_the_group_has_put_out_starts_anew(CancellationToken cancellationToken)
    {
        var replica = await Scene.StartReplica(cancellationToken, Properties("max.poll.interval.ms=2000"));
        Faults.FailNext(KafkaRequest.JoinGroup, [.. Enumerable.Repeat(ErrorCode.GroupLoadInProgress, 1_000)]);

        Faults.FailNext(KafkaRequest.Heartbeat, ErrorCode.UnknownMemberId);
        await replica.Log.WaitFor("the group has not taken this replica in", cancellationToken);
        Faults.Clear(KafkaRequest.JoinGroup);

        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_replica_that_the_group_never_takes_in_starts_anew(CancellationToken cancellationToken)
    {
        // More refusals than the replica meets in this time.
        Faults.FailNext(KafkaRequest.JoinGroup, [.. Enumerable.Repeat(ErrorCode.GroupLoadInProgress, 1_000)]);
        await using var replica = await RunningReplica.StartOnly(
            Scene.Settings(Properties("max.poll.interval.ms=2000")),
            cancellationToken
        );
        await replica.Log.WaitFor("the group has not taken this replica in", cancellationToken);

        Faults.Clear(KafkaRequest.JoinGroup);

        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
    }

    [TestCase(3)]
    [TestCase(12)]
    [CancelAfter(60_000)]
    public async Task It_is_found_out_in_the_end_where_to_begin(int cuts, CancellationToken cancellationToken)
    {
        Faults.FailNext(KafkaRequest.OffsetFetch, [.. Enumerable.Repeat(ErrorCode.Local_Transport, cuts)]);
        var plan = await Prepare(contacts: 20, pageSize: 10, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [TestCase(KafkaRequest.Produce, ErrorCode.NotEnoughReplicas, 3)]
    [TestCase(KafkaRequest.Produce, ErrorCode.PolicyViolation, 2)]
    [TestCase(KafkaRequest.Fetch, ErrorCode.NotLeaderForPartition, 3)]
    [TestCase(KafkaRequest.Fetch, ErrorCode.Local_Transport, 3)]
    [TestCase(KafkaRequest.OffsetCommit, ErrorCode.RequestTimedOut, 3)]
    [TestCase(KafkaRequest.OffsetCommit, ErrorCode.NotCoordinatorForGroup, 3)]
    [TestCase(KafkaRequest.OffsetCommit, ErrorCode.Local_Transport, 2)]
    [TestCase(KafkaRequest.Heartbeat, ErrorCode.UnknownMemberId, 1)]
    [TestCase(KafkaRequest.Heartbeat, ErrorCode.IllegalGeneration, 1)]
    [CancelAfter(90_000)]
    public async Task Refused_requests_are_made_again(
        KafkaRequest request,
        ErrorCode error,
        int times,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 30, pageSize: 10, cancellationToken);
        // The mock cluster takes a message after one that it refused, which a real broker does not, and an idempotent
        // producer then believes that both are there.
        var replica = await Scene.StartPatientReplica(
            cancellationToken,
            Properties("max.in.flight.requests.per.connection=1")
        );
        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(20, cancellationToken);

        Faults.FailNext(request, [.. Enumerable.Repeat(error, times)]);
        Scene.Crm.Release();

        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);
        await WaitForReadiness(replica, isReady: true, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(await Scene.Broker.CountDeadLetters(cancellationToken), Is.Zero);
    }

    [Test, CancelAfter(90_000)]
    public async Task A_commit_that_a_rebalance_refuses_is_no_fault(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        Faults.FailNext(KafkaRequest.OffsetCommit, ErrorCode.RebalanceInProgress);

        await Scene.Publish(plan, cancellationToken);

        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);
        Assert.That(
            replica.Log.All.Select(line => line.Text),
            Has.None.Contains("Offsets cannot be committed").And.None.Contains("were lost")
        );
    }

    [TestCase(KafkaRequest.JoinGroup, ErrorCode.GroupLoadInProgress)]
    [TestCase(KafkaRequest.SyncGroup, ErrorCode.RebalanceInProgress)]
    [TestCase(KafkaRequest.FindCoordinator, ErrorCode.GroupCoordinatorNotAvailable)]
    [TestCase(KafkaRequest.OffsetFetch, ErrorCode.NotCoordinatorForGroup)]
    [TestCase(KafkaRequest.OffsetFetch, ErrorCode.GroupAuthorizationFailed)]
    [TestCase(KafkaRequest.OffsetFetch, ErrorCode.GroupLoadInProgress)]
    [TestCase(KafkaRequest.ListOffsets, ErrorCode.NotLeaderForPartition)]
    [TestCase(KafkaRequest.Metadata, ErrorCode.LeaderNotAvailable)]
    [CancelAfter(60_000)]
    public async Task A_start_that_is_refused_goes_on_when_it_may(
        KafkaRequest request,
        ErrorCode error,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        Faults.FailNext(request, [.. Enumerable.Repeat(error, 2)]);

        await Scene.StartReplica(cancellationToken);
        Faults.Clear(request);
        await Scene.Publish(plan, cancellationToken);

        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task Slow_answers_are_waited_for(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 60, pageSize: 10, cancellationToken);
        await Faults.SetLatency(TimeSpan.FromMilliseconds(300), cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);

        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_producer_that_may_never_produce_again_is_replaced(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        Faults.FailNext(KafkaRequest.InitProducerId, ErrorCode.ClusterAuthorizationFailed);

        await Scene.Publish(plan, cancellationToken);

        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task Control_messages_are_heard_after_an_outage_too(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await Kafka.Stop(cancellationToken);
        await WaitForReadiness(replica, isReady: false, cancellationToken);
        await Kafka.Start(cancellationToken);

        await Scene.Order(plan, ControlAction.Pause, cancellationToken);

        await replica.Log.WaitFor($"received for {plan.CampaignId}: Pause", cancellationToken);
    }

    [Test, CancelAfter(90_000)]
    public async Task A_replica_that_has_no_partitions_yet_stops_at_once(CancellationToken cancellationToken)
    {
        await Faults.SetLatency(TimeSpan.FromMilliseconds(700), cancellationToken);
        await using var replica = await RunningReplica.StartOnly(Scene.Settings(PatientStop), cancellationToken);
        // Long enough to have asked for its partitions, and too short to have got them.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        await WaitForReadiness(replica, isReady: false, cancellationToken);

        await AssertStopsAtOnce(replica, cancellationToken);
    }

    [TestCase(0, TestName = "A_stop_does_not_wait_for_it")]
    [TestCase(500, TestName = "A_stop_does_not_wait_for_it_even_when_a_commit_is_under_way")]
    [CancelAfter(90_000)]
    public async Task A_stop_does_not_wait_for_it(int latencyMs, CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken, PatientStop);
        await Faults.SetLatency(TimeSpan.FromMilliseconds(latencyMs), cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await Kafka.Stop(cancellationToken);
        await WaitForReadiness(replica, isReady: false, cancellationToken);

        await AssertStopsAtOnce(replica, cancellationToken);
    }

    [Test, CancelAfter(90_000)]
    public async Task A_stop_does_not_wait_for_it_after_its_partitions_were_lost(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken, PatientStop);
        await Faults.SetLatency(TimeSpan.FromMilliseconds(500), cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        // With a commit under way, which no broker answers any more.
        await Kafka.Stop(cancellationToken);
        await replica.Log.WaitFor("were lost", cancellationToken);

        await AssertStopsAtOnce(replica, cancellationToken);
    }

    /// <summary>A stop that does wait for Kafka then ends when the host gives it up, after 29 s.</summary>
    private (string Key, string? Value)[] PatientStop =>
        [Properties("max.poll.interval.ms=60000"), ("Shutdown:DrainTimeout", "00:00:25")];

    private static async Task AssertStopsAtOnce(RunningReplica replica, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();

        await replica.Stop(cancellationToken);

        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        TestContext.Out.WriteLine($"stopped in {seconds:0.0} s");
        Assert.That(seconds, Is.LessThan(20));
    }
}
