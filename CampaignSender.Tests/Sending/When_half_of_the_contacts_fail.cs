using CampaignSender.Contracts;
using CampaignSender.Host.Commands;
using CampaignSender.Host.Safety;
using CampaignSender.Sandbox.Stages;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>What a broker has to do with it; the rest knows none.</summary>
[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_half_of_the_contacts_fail(BrokerKind broker) : FailingCampaignTest(broker)
{
    [Test, CancelAfter(60_000)]
    public async Task The_campaign_is_paused_once_and_says_why(CancellationToken cancellationToken)
    {
        var plan = await PrepareBroken(cancellationToken);

        await SendUntilPaused(plan, cancellationToken);

        var counts = await Scene.Rows.Count(plan.CampaignId, cancellationToken);
        var reasons = await Scene.SafetyStops(plan, cancellationToken);
        Assert.Multiple(() =>
        {
            Assert.That(Scene.Crm.PostCount, Is.LessThanOrEqualTo(MostPosts), "posts");
            Assert.That(counts.Sent + counts.Failed, Is.EqualTo(Scene.Crm.PostCount));
            Assert.That(counts.Pending, Is.EqualTo(plan.ContactIds.Count - counts.Sent - counts.Failed));
            Assert.That(reasons, Has.Count.EqualTo(1));
            Assert.That(reasons[0], Does.Contain("dispatch_4xx"));
        });
        await using var services = Scene.CommandServices(
            (services, configuration) => services.AddCampaignStatus(configuration)
        );
        async Task<SafetyStopRecord?> Told() =>
            (await CampaignStatusCommand.Read(services, plan.CampaignId, cancellationToken))!.SafetyStop;
        Assert.That((await Told())?.Reason, Is.EqualTo(reasons[0]));

        await Execute("UPDATE campaign_sender_safety_stops SET ended_at = now()", cancellationToken);
        Assert.That(await Told(), Is.Null, "it was resumed since: it is somebody else's pause");
    }

    /// <summary>evo-flow's packer hears them too, and would never publish the pages that it has not published yet.</summary>
    [Test, CancelAfter(60_000)]
    public async Task No_control_message_tells_of_it(CancellationToken cancellationToken)
    {
        var plan = await PrepareBroken(cancellationToken);
        var other = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await SendUntilPaused(plan, cancellationToken);

        await Scene.Order(other, ControlAction.Pause, cancellationToken);
        await replica.Log.WaitFor($"campaign.control received for {other.CampaignId}", cancellationToken);

        Assert.That(
            replica.Log.All.Select(line => line.Text),
            Has.None.Contains($"campaign.control received for {plan.CampaignId}")
        );
    }
}
