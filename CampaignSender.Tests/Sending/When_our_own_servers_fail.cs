using CampaignSender.Contracts;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Transport;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Tests.Servers;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>The database and the broker are broken for real, in the middle of a page.</summary>
internal sealed class When_our_own_servers_fail : SendingTest
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(3);

    /// <summary>The one that has begun to send.</summary>
    private RunningReplica _replica = null!;

    [Test, CancelAfter(90_000)]
    public async Task A_database_that_was_restarted_has_lost_nobody(CancellationToken cancellationToken)
    {
        var plan = await BeginToSend(cancellationToken);

        await (await SharedServers.PostgreSql()).Kill(cancellationToken);
        await Task.Delay(Outage, TimeProvider.System, cancellationToken);
        await (await SharedServers.PostgreSql()).Start(cancellationToken);
        // This test's own connections, which know no retry.
        Scene.Source.Clear();
        Scene.Crm.Latency = TimeSpan.Zero;
        await Scene.WaitForReports(plan, cancellationToken);

        await AssertAllIsWell(plan, cancellationToken);
    }

    [Test, CancelAfter(90_000)]
    public async Task A_database_that_hung_has_lost_nobody(CancellationToken cancellationToken)
    {
        var plan = await BeginToSend(cancellationToken);

        await (await SharedServers.PostgreSql()).Freeze(cancellationToken);
        await Task.Delay(Outage, TimeProvider.System, cancellationToken);
        await (await SharedServers.PostgreSql()).Thaw(cancellationToken);
        Scene.Crm.Latency = TimeSpan.Zero;
        await Scene.WaitForReports(plan, cancellationToken);

        await AssertAllIsWell(plan, cancellationToken);
    }

    [Test, CancelAfter(90_000)]
    public async Task A_page_whose_rows_somebody_keeps_locked_waits_for_them(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await using (var connection = await Scene.Source.OpenConnectionAsync(cancellationToken))
        await using (await connection.BeginTransactionAsync(cancellationToken))
        {
            await connection.ExecuteAsync(
                "SELECT FROM campaigns_contacts WHERE campaign_id = @campaignId FOR UPDATE",
                new { plan.CampaignId }
            );
            await Scene.Publish(plan, cancellationToken);
            await Scene.WaitForParked(plan, cancellationToken);
            Assert.That(Scene.Crm.PostCount, Is.Zero, "messages without a claim");
        }

        await Scene.AdvanceParked(TimeSpan.FromMinutes(5), cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await AssertAllIsWell(plan, cancellationToken);
    }

    /// <summary>A standby has taken over that lacks the last commits, while the messages were on the wire.</summary>
    [Test, CancelAfter(60_000)]
    public async Task What_is_known_to_be_sent_is_recorded_though_its_claim_is_forgotten(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartPatientReplica(cancellationToken);
        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(3, cancellationToken);

        await Execute(
            """
            UPDATE campaigns_contacts
            SET claim_id = NULL, claim_expires_at = NULL, claim_correlation_id = NULL, claim_attempts = 0
            """,
            cancellationToken
        );
        Scene.Crm.Release();
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(90_000)]
    public async Task Nothing_is_posted_without_a_claim_in_the_database(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 100, pageSize: 50, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await (await SharedServers.PostgreSql()).Freeze(cancellationToken);
        try
        {
            await Scene.Publish(plan, cancellationToken);
            await Task.Delay(Outage, TimeProvider.System, cancellationToken);
            Assert.That(Scene.Crm.PostCount, Is.Zero);
        }
        finally
        {
            await (await SharedServers.PostgreSql()).Thaw(CancellationToken.None);
        }

        await Scene.WaitForReports(plan, cancellationToken);
        await AssertAllIsWell(plan, cancellationToken);
    }

    [Test, CancelAfter(90_000)]
    public async Task Nothing_is_posted_on_claims_that_cannot_be_renewed(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 40, pageSize: 40, cancellationToken);
        await Scene.StartReplica(
            cancellationToken,
            ("Claim:TimeToLive", "00:00:03"),
            ("RateLimit:Capacity", "1"),
            ("RateLimit:RefillRate", "4")
        );
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(1, cancellationToken);

        await using (var connection = await Scene.Source.OpenConnectionAsync(cancellationToken))
        await using (await connection.BeginTransactionAsync(cancellationToken))
        {
            await connection.ExecuteAsync("SELECT FROM campaigns_contacts FOR UPDATE");
            // Until no claim covers a request any more.
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancellationToken);
            var posts = Scene.Crm.PostCount;
            await Task.Delay(Outage, TimeProvider.System, cancellationToken);
            Assert.That(Scene.Crm.PostCount, Is.EqualTo(posts));
        }

        await Scene.WaitForReports(plan, cancellationToken);
        await AssertAllIsWell(plan, cancellationToken);
    }

    [Test, CancelAfter(180_000)]
    public async Task A_broker_that_was_restarted_has_lost_nobody(CancellationToken cancellationToken)
    {
        var plan = await BeginToSend(cancellationToken);

        await (await SharedServers.RabbitMq()).Stop(cancellationToken);
        await Task.Delay(Outage, TimeProvider.System, cancellationToken);
        await (await SharedServers.RabbitMq()).Start(cancellationToken);
        Scene.Crm.Latency = TimeSpan.Zero;
        await _replica.Log.WaitFor("RabbitMQ has closed a channel that consumes", cancellationToken);

        // The reports of this test's own listener may be among what the broker lost: the rows tell.
        await Scene.WaitUntilSettled(plan, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_was_not_posted_is_given_back_though_the_page_ends_with_a_fault(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 2, pageSize: 2, cancellationToken);
        await RefuseToRecordWhoWasSent(cancellationToken);
        // Late enough for the other one to be posted.
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                ContactId = plan.ContactIds[1],
                Status = 403,
                Delay = 1_000,
            }
        );

        // Longer than the test: no claim runs out.
        await Scene.StartReplica(cancellationToken, ("Claim:TimeToLive", "00:10:00"));
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(2, cancellationToken);

        await Eventually.Holds(async () => await Scene.CountClaims(cancellationToken) == 1, cancellationToken);
    }

    private async Task RefuseToRecordWhoWasSent(CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON campaigns_contacts
            FOR EACH ROW WHEN (NEW.status = 'SENT') EXECUTE FUNCTION refuse();
            """
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task A_page_that_is_published_again_outlives_the_broker(CancellationToken cancellationToken)
    {
        await Republish(cancellationToken);

        await using var connection = await (await SharedServers.RabbitMq()).Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var page = await channel.BasicGetAsync(Queues.Send, autoAck: true, cancellationToken);
        Assert.That(page?.BasicProperties.Persistent, Is.True);
    }

    /// <summary>It stays parked then.</summary>
    [Test, CancelAfter(60_000)]
    public async Task A_page_that_would_reach_no_queue_is_not_published(CancellationToken cancellationToken)
    {
        var rabbitMq = await SharedServers.RabbitMq();
        await rabbitMq.DeleteQueues([Queues.Send], cancellationToken);
        // Somebody who looks on is no sender.
        await using var connection = await rabbitMq.Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var tap = await channel.QueueDeclareAsync(
            "",
            durable: false,
            exclusive: true,
            autoDelete: true,
            cancellationToken: cancellationToken
        );
        await channel.QueueBindAsync(tap.QueueName, Topics.Send, Topics.Send, cancellationToken: cancellationToken);

        Assert.That(
            () => Republish(cancellationToken),
            Throws
                .InstanceOf<TransportUnavailableException>()
                .With.InnerException.InstanceOf<RabbitMQ.Client.Exceptions.PublishException>()
        );
    }

    private async Task Republish(CancellationToken cancellationToken)
    {
        await using var services = Scene.CommandServices(
            (services, configuration) => services.AddBrokerAccess(configuration)
        );
        await services
            .GetRequiredService<IPagePublisher>()
            .Publish("{}"u8.ToArray(), new Dictionary<string, string>(), cancellationToken);
    }

    private async Task<CampaignPlan> BeginToSend(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 400, pageSize: 100, cancellationToken);
        Scene.Crm.Latency = TimeSpan.FromMilliseconds(300);
        _replica = await Scene.StartReplica(cancellationToken, ("Dispatch:Concurrency", "16"));
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForMessages(40, cancellationToken);
        return plan;
    }

    private async Task AssertAllIsWell(CampaignPlan plan, CancellationToken cancellationToken)
    {
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(await Scene.Broker.CountDeadLetters(cancellationToken), Is.Zero, "dead letters");
        Assert.That(
            Scene.Reports.First.Select(report => report.SentCount),
            Is.All.EqualTo(plan.PageSize),
            "counts that were reported"
        );
    }
}
