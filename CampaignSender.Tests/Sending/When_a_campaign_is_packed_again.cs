using CampaignSender.Host.Commands;
using CampaignSender.Host.Packing;
using CampaignSender.Sandbox.Campaigns;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>
/// evo-flow's packer deletes a campaign's contacts and inserts them anew whenever it gets its message to pack: of the same
/// packing, when the broker delivers that message again, or of another one, when the campaign is sent a second time.
/// </summary>
internal sealed class When_a_campaign_is_packed_again : SendingTest
{
    [Test, CancelAfter(30_000)]
    public async Task Who_has_got_the_message_of_that_packing_gets_no_other(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 6, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await SendFirstPage(plan, cancellationToken);
        var before = await RowsOfSent(cancellationToken);

        await PackAgain(plan, cancellationToken);

        await Scene.Reports.WaitForReceived(3, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(before, Has.Length.EqualTo(3).And.SubsetOf(await RowsOfSent(cancellationToken)), "as they were");
        Assert.That(Scene.Reports.All.Select(report => report.SentCount), Is.All.EqualTo(3));
    }

    [Test, CancelAfter(30_000)]
    public async Task It_may_happen_more_than_once(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await SendFirstPage(plan, cancellationToken);

        for (var packings = 2; packings <= 4; packings++)
        {
            await PackAgain(plan, cancellationToken);
            await Scene.Reports.WaitForReceived(packings, cancellationToken);
        }

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task Whether_a_message_was_posted_is_found_out_with_the_key_that_it_has(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken, ("Dispatch:RetryCount", "0"), ("Claim:TimeToLive", "00:00:03"));
        Scene.Crm.LoseAnswers(times: 3);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);

        await PackAgain(plan, cancellationToken);
        await Scene.AdvanceParked(TimeSpan.FromMinutes(1), cancellationToken);

        await Scene.WaitUntilSettled(plan, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task Pages_wait_while_their_contacts_are_away(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 6, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Rows.Empty(plan, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);
        Assert.That(await ParkingReasons(cancellationToken), Is.All.EqualTo("packed_anew"));

        await Scene.Rows.Fill(plan, cancellationToken);
        await Scene.AdvanceParked(TimeSpan.FromMinutes(1), cancellationToken);

        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(Scene.Reports.All.Select(report => report.SentCount), Is.All.EqualTo(3));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_page_in_work_waits_for_the_contacts_that_are_taken_from_it(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken, ("Claim:TimeToLive", "00:00:03"));
        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(3, cancellationToken);

        await Scene.Rows.Empty(plan, cancellationToken);
        Scene.Crm.Release();
        await Scene.WaitForParked(plan, cancellationToken);
        Assert.That(await ParkingReasons(cancellationToken), Is.All.EqualTo("packed_anew"));
        Assert.That(Scene.Reports.All, Is.Empty);

        await Scene.Rows.Fill(plan, cancellationToken);
        await Scene.AdvanceParked(TimeSpan.FromMinutes(1), cancellationToken);
        await Scene.WaitUntilSettled(plan, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task Pages_of_a_paused_campaign_wait_too(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);
        await Scene.Rows.Empty(plan, cancellationToken);

        await Scene.Publish(plan, cancellationToken);

        await Scene.WaitForParked(plan, cancellationToken);
        Assert.That(Scene.Reports.All, Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task Contacts_that_do_not_come_back_hold_their_page_up_for_some_hours_only(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Rows.Empty(plan, cancellationToken);
        await Scene.Rows.Fill(plan with { ContactIds = [.. plan.ContactIds.Skip(1)] }, cancellationToken);
        await Execute(
            "UPDATE campaign_sender_emptied_campaigns SET emptied_at = emptied_at - interval '6 hours'",
            cancellationToken
        );

        await Scene.Publish(plan, cancellationToken);

        await Scene.WaitForReports(plan, cancellationToken);
        Assert.That(Scene.Reports.First.Single().SentCount, Is.EqualTo(2));
    }

    [Test, CancelAfter(30_000)]
    public async Task Where_an_audience_was_computed_in_a_pause_nobody_waits_for_those_who_left_it(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);
        await Scene.Rows.Empty(plan, cancellationToken);
        var left = plan with { ContactIds = [.. plan.ContactIds.Skip(1)] };
        await Scene.Rows.Fill(left, cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Sending, cancellationToken);

        await Scene.Publish(plan, cancellationToken);

        await Scene.WaitForParked(plan, cancellationToken);
        Assert.That(Scene.MessagesByContact(plan).Keys, Is.EquivalentTo(left.ContactIds));
        Assert.That(Scene.Reports.All, Is.Empty, "one of them may come back");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_campaign_that_stays_empty_holds_its_pages_up_for_longer(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Rows.Empty(plan, cancellationToken);
        await Execute(
            "UPDATE campaign_sender_emptied_campaigns SET emptied_at = emptied_at - interval '7 hours'",
            cancellationToken
        );

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);
        Assert.That(Scene.Reports.All, Is.Empty);

        await Scene.Rows.Fill(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task The_contacts_of_another_packing_get_its_message(CancellationToken cancellationToken)
    {
        IsMeantToRepeat = true;
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await SendFirstPage(plan, cancellationToken);

        await PackAgain(plan with { CorrelationId = Guid.NewGuid() }, cancellationToken);
        await Scene.Reports.WaitForReceived(2, cancellationToken);

        Assert.That(Scene.MessagesByContact(plan).Values, Is.EqualTo([2, 2, 2]));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_operators_have_sent_counts_too(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 6, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await SendFirstPage(plan, cancellationToken);
        // Somebody is removed, for a while: that is no packing.
        await Execute(
            "DELETE FROM campaigns_contacts WHERE id = (SELECT id FROM campaigns_contacts WHERE status = 'SENT' LIMIT 1)",
            cancellationToken
        );
        var packed = await Pack(plan, sending: null, cancellationToken);
        Assert.That((packed.Contacts, packed.CorrelationId), Is.EqualTo((3, (Guid?)plan.CorrelationId)));

        await Scene.Reports.WaitForReceived(2, cancellationToken);

        await PackAgain(plan, cancellationToken);

        await Scene.Reports.WaitForReceived(4, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task Nothing_is_kept_of_a_campaign_that_is_deleted(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await SendFirstPage(plan, cancellationToken);
        await InsertAnew(plan, cancellationToken);
        Assert.That(await Kept(cancellationToken), Is.EqualTo(4));

        await Execute("DELETE FROM campaigns", cancellationToken);

        Assert.That(await Kept(cancellationToken), Is.Zero);
    }

    // evo-flow's packer began again, inserted the rows, and crashed before it published the pages: the operator packs.
    [Test, CancelAfter(30_000)]
    public async Task An_operators_pages_go_on_with_the_sending_that_is_meant(
        [Values] PackedSending sending,
        [Values] bool asksFirst,
        CancellationToken cancellationToken
    )
    {
        IsMeantToRepeat = sending is PackedSending.Next;
        var plan = await Prepare(contacts: 6, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await SendFirstPage(plan, cancellationToken);
        await InsertAnew(plan, cancellationToken);

        Assert.That(
            (await Pack(plan, sending: null, cancellationToken)).Refusal,
            Is.EqualTo(PackRefusal.SendingNotKnown),
            "nobody knows which one is meant"
        );
        Assert.That((await Pack(plan, sending, cancellationToken, asksFirst)).Contacts, Is.Positive);

        await Scene.Reports.WaitForReceived(2, cancellationToken);
        var messages = Scene.MessagesByContact(plan).Values;
        Assert.That(messages.Count(count => count == 2), Is.EqualTo(sending is PackedSending.Same ? 0 : 3));
        Assert.That(messages.Count(count => count == 1), Is.EqualTo(sending is PackedSending.Same ? 6 : 3));
    }

    // After the rows were inserted anew a page that is left over was sent, under the correlation id of before.
    [Test, CancelAfter(30_000)]
    public async Task An_operator_is_asked_though_a_page_of_before_was_sent_since(CancellationToken cancellationToken)
    {
        IsMeantToRepeat = true;
        var plan = await Prepare(contacts: 6, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await SendFirstPage(plan, cancellationToken);
        await InsertAnew(plan, cancellationToken);
        await Scene.Broker.Publish(plan.Pages().Last(), cancellationToken);
        await Scene.Reports.WaitForReceived(2, cancellationToken);

        Assert.That(
            (await Pack(plan, sending: null, cancellationToken)).Refusal,
            Is.EqualTo(PackRefusal.SendingNotKnown)
        );
        Assert.That((await Pack(plan, PackedSending.Next, cancellationToken)).Contacts, Is.Positive);

        await Scene.Reports.WaitForReceived(3, cancellationToken);
        Assert.That(Scene.MessagesByContact(plan).Values.Order(), Is.EqualTo([1, 1, 1, 2, 2, 2]));
    }

    /// <summary>Of its two rows one was deleted by hand while both were claimed.</summary>
    [Test, CancelAfter(30_000)]
    public async Task A_contact_that_nobody_can_claim_does_not_keep_everybody_busy(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Execute(
            $"""
            INSERT INTO campaign_sender_former_contacts
                (campaign_id, correlation_id, contact_id, id, status, claim_attempts)
            SELECT campaign_id, '{plan.CorrelationId}', contact_id, gen_random_uuid(), 'PENDING', 1
            FROM campaigns_contacts;
            UPDATE campaigns_contacts SET claim_id = gen_random_uuid(), claim_expires_at = now() - interval '1 day'
            """,
            cancellationToken
        );
        await Scene.StartReplica(cancellationToken, ("Parking:RetryDelay", "01:00:00"));

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);

        var waits = await Query<TimeSpan>(
            "SELECT redrive_at - parked_at FROM campaign_sender_parked_pages",
            cancellationToken
        );
        Assert.That(waits.Single(), Is.EqualTo(TimeSpan.FromHours(1)).Within(TimeSpan.FromMinutes(1)));
    }

    // A page of the first execution is parked, half sent; the campaign recurs; the page comes back before the new ones.
    [Test, CancelAfter(30_000)]
    public async Task A_page_that_is_left_of_the_execution_before_takes_nobodys_message_of_the_next(
        CancellationToken cancellationToken
    )
    {
        IsMeantToRepeat = true;
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
        await InsertAnew(next, cancellationToken);
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

    [Test, CancelAfter(30_000)]
    public async Task A_page_that_was_parked_before_is_none_when_it_has_come_once_more(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(
            cancellationToken,
            ("Dispatch:RetryCount", "0"),
            ("Claim:TimeToLive", "00:00:03"),
            ("Parking:RetryDelay", "01:00:00")
        );
        Scene.Crm.LoseAnswers(times: 1);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);

        await InsertAnew(plan, cancellationToken);
        // As long as its claim may hold, the page would be parked anew.
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        Assert.That(() => Scene.Rows.CountParked(CancellationToken.None).Result, Is.Zero.After(5_000, 100));
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    private async Task SendFirstPage(CampaignPlan plan, CancellationToken cancellationToken)
    {
        await Scene.Broker.Publish(plan.Pages().First(), cancellationToken);
        await Scene.Reports.WaitForReceived(1, cancellationToken);
    }

    private async Task InsertAnew(CampaignPlan plan, CancellationToken cancellationToken)
    {
        await Scene.Rows.Empty(plan, cancellationToken);
        await Scene.Rows.Fill(plan, cancellationToken);
    }

    private async Task PackAgain(CampaignPlan plan, CancellationToken cancellationToken)
    {
        await InsertAnew(plan, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
    }

    /// <summary>All that are pending, into one page, as an operator does.</summary>
    private async Task<PackedCampaign> Pack(
        CampaignPlan plan,
        PackedSending? sending,
        CancellationToken cancellationToken,
        bool asksFirst = false
    )
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
                    AsksFirst = asksFirst,
                },
                cancellationToken
            );
        return packed!;
    }

    private async Task<Guid[]> RowsOfSent(CancellationToken cancellationToken) =>
        await Query<Guid>("SELECT id FROM campaigns_contacts WHERE status = 'SENT'", cancellationToken);

    private async Task<string[]> ParkingReasons(CancellationToken cancellationToken) =>
        await Query<string>("SELECT reason FROM campaign_sender_parked_pages", cancellationToken);

    private async Task<long> Kept(CancellationToken cancellationToken) =>
        (
            await Query<long>(
                """
                SELECT (SELECT count(*) FROM campaign_sender_former_contacts)
                       + (SELECT count(*) FROM campaign_sender_emptied_campaigns)
                """,
                cancellationToken
            )
        ).Single();

    private async Task<T[]> Query<T>(string statement, CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        return
        [
            .. await connection.QueryAsync<T>(new CommandDefinition(statement, cancellationToken: cancellationToken)),
        ];
    }
}
