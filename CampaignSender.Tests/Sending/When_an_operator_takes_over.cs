using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Commands;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Safety;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Stages;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>The commands about campaigns, beside a replica that runs, with the services that they have.</summary>
[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_an_operator_takes_over(BrokerKind broker) : SendingTest(broker)
{
    private ServiceProvider _services = null!;

    [SetUp]
    public void GiveTheCommandsTheirServices() =>
        _services = Scene.CommandServices(
            (services, configuration) => services.AddOrders(configuration).AddParkedPages().AddSafetyLimits()
        );

    [TearDown]
    public ValueTask TakeThemAway() => _services.DisposeAsync();

    [Test, CancelAfter(60_000)]
    public async Task A_pause_reaches_the_replicas_and_a_resume_lets_them_go_on(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 600, pageSize: 300, cancellationToken);
        // By itself a replica would look once in an hour: it is the message that counts.
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("Gate:StatusCacheTime", "01:00:00"),
            ("Dispatch:Concurrency", "4")
        );
        Scene.Crm.Latency = TimeSpan.FromMilliseconds(200);
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(1, cancellationToken);

        Assert.That(await Order(plan, ControlAction.Pause, cancellationToken), Is.EqualTo(ExitCodes.Success));
        await Scene.WaitForParked(plan, cancellationToken);
        Scene.Crm.Latency = TimeSpan.Zero;

        var paused = await State(plan, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(paused.Status, Is.EqualTo(CampaignStatus.Paused));
            Assert.That(paused.Contacts.Pending, Is.Positive);
            Assert.That(paused.Contacts.Sent + paused.Contacts.Pending, Is.EqualTo(600));
            Assert.That(
                paused.ParkedPages.Select(pages => (pages.Reason, pages.Pages)),
                Is.EqualTo([("campaign_not_sending", 2L)])
            );
        }

        Assert.That(await Order(plan, ControlAction.Resume, cancellationToken), Is.EqualTo(ExitCodes.Success));
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.WaitForAcknowledgement(cancellationToken);
        var finished = await State(plan, cancellationToken);
        Assert.That(
            (finished.Contacts.Sent, finished.Contacts.Pending, finished.WaitingPages),
            Is.EqualTo((600, 0, (long?)0))
        );
        Assert.That(Scene.MessagesByContact(plan).Values, Is.All.EqualTo(1));
        Assert.That(
            replica.Log.All.Count(line => line.Text.Contains("campaign.control received", StringComparison.Ordinal)),
            Is.EqualTo(2)
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task A_stop_is_for_good(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);

        Assert.That(await Order(plan, ControlAction.Stop, cancellationToken), Is.EqualTo(ExitCodes.Success));
        Assert.That(await Order(plan, ControlAction.Stop, cancellationToken), Is.EqualTo(ExitCodes.Success), "again");
        Assert.That(await Order(plan, ControlAction.Resume, cancellationToken), Is.EqualTo(ExitCodes.Failure));

        Assert.That((await State(plan, cancellationToken)).Status, Is.EqualTo(CampaignStatus.Stopped));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_campaign_that_does_not_exist_is_a_fault(CancellationToken cancellationToken)
    {
        var none = new CampaignPlan { ContactIds = [] };

        Assert.That(await Order(none, ControlAction.Pause, cancellationToken), Is.EqualTo(ExitCodes.Failure));
    }

    [Test, CancelAfter(60_000)]
    public async Task It_shows_who_got_no_message_and_why(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        Scene.Crm.BlockContact(plan.ContactIds[0]);
        Scene.Crm.RemoveContact(plan.ContactIds[1]);
        Scene.Crm.RemoveContact(plan.ContactIds[2]);
        await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        var state = await State(plan, cancellationToken);
        var csv = await Failures(plan, "contact_not_found", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((state.Contacts.Sent, state.Contacts.Failed, state.Contacts.Skipped), Is.EqualTo((2, 2, 1)));
            Assert.That(state.Contacts.SettledInLastMinute, Is.EqualTo(5));
            Assert.That(state.Contacts.PaceSeconds, Is.InRange(1, 59), "since the first of them");
            Assert.That(
                state.Failures,
                Is.EqualTo([
                    new FailureCount("FAILED", "contact_not_found", 2),
                    new FailureCount("SKIPPED", "contact_blocked", 1),
                ])
            );
            Assert.That(csv[0], Is.EqualTo("contact_id,status,code,reason,settled_at"));
            Assert.That(
                csv.Skip(1).Select(line => line.Split(',')[0]),
                Is.EquivalentTo(plan.ContactIds.Skip(1).Take(2).Select(id => $"{id}"))
            );
            Assert.That(csv[1], Does.Contain(",FAILED,contact_not_found,\"404 CONTACT_NOT_FOUND"));
        }
    }

    private Task<int> Order(CampaignPlan plan, ControlAction action, CancellationToken cancellationToken) =>
        CampaignOrderCommand.Execute(_services, plan.CampaignId, action, cancellationToken);

    private async Task<CampaignState> State(CampaignPlan plan, CancellationToken cancellationToken) =>
        (await CampaignStatusCommand.Read(_services, plan.CampaignId, cancellationToken))!;

    private async Task<string[]> Failures(CampaignPlan plan, string code, CancellationToken cancellationToken)
    {
        var text = new StringWriter();
        await CampaignFailuresCommand.Write(
            _services.GetRequiredService<ICampaignContents>().ReadFailures(plan.CampaignId, code, cancellationToken),
            text,
            cancellationToken
        );
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
