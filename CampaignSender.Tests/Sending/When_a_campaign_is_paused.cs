using CampaignSender.Contracts;
using CampaignSender.Host.Database;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Stages;
using CampaignSender.Tests.Servers;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_a_campaign_is_paused(BrokerKind broker) : SendingTest(broker)
{
    /// <summary>In flight at once, and so the posts that a pause may find on the wire.</summary>
    private const int Concurrency = 8;

    [Test, CancelAfter(60_000)]
    public async Task What_is_on_the_wire_is_recorded_and_nothing_follows(CancellationToken cancellationToken)
    {
        var (plan, replica) = await PauseWithPostsOnTheWire(cancellationToken);

        Scene.Crm.Release();
        await replica.Log.WaitFor("is parked: campaign_not_sending", cancellationToken);

        var counts = await Scene.Rows.Count(plan.CampaignId, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(counts.Sent, Is.EqualTo(Concurrency));
            Assert.That(Scene.MessagesByContact(plan), Has.Count.EqualTo(Concurrency));
            Assert.That(await Scene.CountClaims(cancellationToken), Is.Zero, "claims left");
            Assert.That(await Scene.Rows.CountParked(cancellationToken), Is.EqualTo(1));
            Assert.That(Scene.Reports.All, Is.Empty, "reports of an unfinished page");
        }

        await Scene.WaitForAcknowledgement(cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task The_page_keeps_its_headers_as_they_were_written(CancellationToken cancellationToken)
    {
        var (_, replica) = await PauseWithPostsOnTheWire(cancellationToken);
        Scene.Crm.Release();
        await replica.Log.WaitFor("is parked: campaign_not_sending", cancellationToken);

        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        var names = await connection.QueryAsync<string>(
            "SELECT jsonb_object_keys(headers) FROM campaign_sender_parked_pages"
        );
        Assert.That(
            names,
            Is.SupersetOf([MessageHeaderNames.MessageId, MessageHeaderNames.CorrelationId])
                .And.Not.Contains("MessageId")
                .And.Not.Contains("CorrelationId")
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task The_page_says_why_it_is_aborted(CancellationToken cancellationToken)
    {
        var (_, replica) = await PauseWithPostsOnTheWire(cancellationToken);

        Scene.Crm.Release();

        await replica.Log.WaitFor("aborted: campaign paused", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task It_goes_on_by_itself_after_the_resume(CancellationToken cancellationToken)
    {
        var (plan, replica) = await PauseWithPostsOnTheWire(cancellationToken);
        Scene.Crm.Release();
        await replica.Log.WaitFor("is parked: campaign_not_sending", cancellationToken);

        await Scene.Order(plan, ControlAction.Resume, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_bare_change_of_the_status_is_noticed_when_the_cached_one_is_old(
        CancellationToken cancellationToken
    )
    {
        var (plan, replica) = await SendSlowly(contacts: 400, TimeSpan.FromMilliseconds(200), cancellationToken);

        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);
        await replica.Log.WaitFor("aborted: campaign paused", cancellationToken);
        Assert.That(Scene.MessagesByContact(plan), Has.Count.LessThan(plan.ContactIds.Count));

        Scene.Crm.Latency = TimeSpan.Zero;
        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Sending, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_waits_for_the_window_looks_at_the_status_after_it(CancellationToken cancellationToken)
    {
        var (plan, replica) = await SendSlowly(contacts: 4_000, TimeSpan.FromMilliseconds(5), cancellationToken);
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("LOCK TABLE campaign_sender_windows");
        await Eventually.Blocks(connection, cancellationToken);
        // All who were to be posted to wait for it when nobody has been for a second: what is on the wire may take its time.
        long posts;
        do
        {
            posts = Scene.Crm.PostCount;
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        } while (Scene.Crm.PostCount != posts);

        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
        await replica.Log.WaitFor("aborted: campaign paused", cancellationToken);

        Assert.That(Scene.Crm.PostCount, Is.EqualTo(posts));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_waits_for_the_status_and_then_for_the_window_looks_at_the_status_once_more(
        CancellationToken cancellationToken
    )
    {
        var (plan, replica) = await SendSlowly(contacts: 4_000, TimeSpan.FromMilliseconds(5), cancellationToken);
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await using var windows = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await using var noWindow = await windows.BeginTransactionAsync(cancellationToken);
        await using (await connection.BeginTransactionAsync(cancellationToken))
        {
            await connection.ExecuteAsync("LOCK TABLE campaigns");
            await Eventually.Blocks(connection, cancellationToken);
            await windows.ExecuteAsync("LOCK TABLE campaign_sender_windows");
            // What is known of the window grows too old, and it is asked for once the status is known.
            await Task.Delay(Recent.MaxAge, TimeProvider.System, cancellationToken);
        }

        await Eventually.Blocks(windows, cancellationToken);
        var posts = Scene.Crm.PostCount;
        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken);
        await noWindow.RollbackAsync(cancellationToken);
        await replica.Log.WaitFor("aborted: campaign paused", cancellationToken);

        Assert.That(Scene.Crm.PostCount, Is.EqualTo(posts));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_pause_ends_the_wait_before_a_retry(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        Scene.Crm.FailPosts(503);
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("Dispatch:BackoffBase", "00:30:00"),
            ("Dispatch:BackoffCap", "00:30:00")
        );
        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("dispatch retry scheduled", cancellationToken);

        await Scene.Order(plan, ControlAction.Pause, cancellationToken);

        await replica.Log.WaitFor("is parked: campaign_not_sending", cancellationToken);
        Assert.That((await Scene.Rows.Count(plan.CampaignId, cancellationToken)).Pending, Is.EqualTo(5));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_template_that_is_mended_meanwhile_is_the_one_that_is_sent(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 2, pageSize: 1, cancellationToken);
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Template,
                Status = 200,
                Body = $$$"""{"data":{"id":"{{{plan.TemplateId}}}","name":"offer","content":"broken"}}""",
            }
        );
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Broker.Publish(plan.Pages().First(), cancellationToken);
        await Scene.Reports.WaitForPages(plan.CampaignId, 1, cancellationToken);

        await Scene.Order(plan, ControlAction.Pause, cancellationToken);
        Scene.Crm.StopFailing();
        await Scene.Order(plan, ControlAction.Resume, cancellationToken);
        await replica.Log.WaitFor($"received for {plan.CampaignId}: {ControlAction.Resume}", cancellationToken);
        await Scene.Broker.Publish(plan.Pages().Last(), cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        var contents = Scene.Crm.Messages(plan.CampaignId).Select(message => message.Content).ToList();
        Assert.That(contents, Has.Count.EqualTo(2));
        Assert.That(contents[0], Is.EqualTo("broken"));
        Assert.That(contents[1], Is.Not.EqualTo("broken"));
    }

    [TestCase(0, TestName = "A_draft_waits")]
    [TestCase(1, TestName = "A_scheduled_campaign_waits")]
    [TestCase(3, TestName = "A_paused_campaign_waits")]
    [CancelAfter(60_000)]
    public async Task A_page_that_comes_too_early_waits(int status, CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, status, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken, ("Gate:StatusCacheTime", "00:00:00.200"));
        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("is parked: campaign_not_sending", cancellationToken);
        Assert.That(Scene.Crm.RequestCount, Is.Zero);

        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Sending, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    /// <summary>One page, by a replica that notices a bare change of the status soon.</summary>
    private async Task<(CampaignPlan Plan, RunningReplica Replica)> SendSlowly(
        int contacts,
        TimeSpan latency,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts, pageSize: contacts, cancellationToken);
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("Dispatch:Concurrency", "4"),
            ("Gate:StatusCacheTime", "00:00:00.300")
        );
        Scene.Crm.Latency = latency;
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForMessages(20, cancellationToken);
        return (plan, replica);
    }

    private async Task<(CampaignPlan Plan, RunningReplica Replica)> PauseWithPostsOnTheWire(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 300, pageSize: 300, cancellationToken);
        var replica = await Scene.StartPatientReplica(cancellationToken, ("Dispatch:Concurrency", $"{Concurrency}"));
        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(Concurrency, cancellationToken);

        await Scene.Order(plan, ControlAction.Pause, cancellationToken);
        await replica.Log.WaitFor("campaign.control received", cancellationToken);
        return (plan, replica);
    }
}
