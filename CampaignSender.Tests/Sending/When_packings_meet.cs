using CampaignSender.Host.Commands;
using CampaignSender.Host.Packing;
using CampaignSender.Sandbox.Campaigns;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

internal sealed class When_packings_meet : SendingTest
{
    // evo-flow's packer began again, inserted the rows, and crashed before it published the pages: the operator packs.
    [Test, CancelAfter(30_000)]
    public async Task An_operators_pages_go_on_with_the_sending_that_is_meant(
        [Values] PackedSending sending,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 6, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Broker.Publish(plan.Pages().First(), cancellationToken);
        await Scene.Reports.WaitForReceived(1, cancellationToken);
        await Scene.Rows.Empty(plan, cancellationToken);
        await Scene.Rows.Fill(plan, cancellationToken);

        Assert.That(await Pack(plan, sending: null, cancellationToken), Is.False, "nobody knows which one is meant");
        Assert.That(await Pack(plan, sending, cancellationToken), Is.True);

        await Scene.Reports.WaitForReceived(2, cancellationToken);
        var messages = Scene.MessagesByContact(plan).Values;
        Assert.That(messages.Count(count => count == 2), Is.EqualTo(sending is PackedSending.Same ? 0 : 3));
        Assert.That(messages.Count(count => count == 1), Is.EqualTo(sending is PackedSending.Same ? 6 : 3));
    }

    // After the rows were inserted anew a page that is left over was sent, under the correlation id of before.
    [Test, CancelAfter(30_000)]
    public async Task An_operator_is_asked_though_a_page_of_before_was_sent_since(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 6, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Broker.Publish(plan.Pages().First(), cancellationToken);
        await Scene.Reports.WaitForReceived(1, cancellationToken);
        await Scene.Rows.Empty(plan, cancellationToken);
        await Scene.Rows.Fill(plan, cancellationToken);
        await Scene.Broker.Publish(plan.Pages().Last(), cancellationToken);
        await Scene.Reports.WaitForReceived(2, cancellationToken);

        Assert.That(await Pack(plan, sending: null, cancellationToken), Is.False);
        Assert.That(await Pack(plan, PackedSending.Next, cancellationToken), Is.True);

        await Scene.Reports.WaitForReceived(3, cancellationToken);
        Assert.That(Scene.MessagesByContact(plan).Values.Order(), Is.EqualTo([1, 1, 1, 2, 2, 2]));
    }

    // A page of the first execution is parked, half sent; the campaign recurs; the page comes back before the new ones.
    [Test, CancelAfter(30_000)]
    public async Task A_page_that_is_left_of_the_execution_before_takes_nobodys_message_of_the_next(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(
            cancellationToken,
            ("Dispatch:RetryCount", "0"),
            ("Claim:TimeToLive", "00:00:03"),
            ("Parking:PollInterval", "00:00:00.050")
        );
        Scene.Crm.LoseAnswers(times: 1);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);
        Assert.That((await Scene.Rows.Count(plan.CampaignId, cancellationToken)).Sent, Is.EqualTo(2));

        var next = plan with { CorrelationId = Guid.NewGuid() };
        await Scene.Rows.Empty(next, cancellationToken);
        await Scene.Rows.Fill(next, cancellationToken);
        await Scene.AdvanceParked(TimeSpan.FromMinutes(1), cancellationToken);
        // Time for the old page to come back: the packer is still busy with the new ones.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        await Scene.Publish(next, cancellationToken);
        await Scene.WaitUntilSettled(plan, cancellationToken);

        Assert.That(
            () => Scene.MessagesByContact(plan).Values,
            Is.All.EqualTo(2).After(5_000, 100),
            "the message of either execution"
        );
    }

    /// <returns>Whether it was packed.</returns>
    private async Task<bool> Pack(CampaignPlan plan, PackedSending? sending, CancellationToken cancellationToken)
    {
        await using var services = Scene.CommandServices(
            (services, configuration) => services.AddPackCommand(configuration)
        );
        var packed = await services
            .GetRequiredService<ICampaignPacking>()
            .Pack(
                new PackOrder
                {
                    CampaignId = plan.CampaignId,
                    TemplateId = plan.TemplateId,
                    Channel = plan.Channel,
                    PageSize = plan.ContactIds.Count,
                    KnownAfter = TimeSpan.Zero,
                    Sending = sending,
                },
                cancellationToken
            );
        return packed is { IsSendingKnown: true, Contacts: > 0 };
    }
}
