using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Commands;
using CampaignSender.Host.Crm;
using CampaignSender.Host.DryRuns;
using CampaignSender.Host.Validation;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>A dry run, with the services that its command has.</summary>
internal sealed class When_a_campaign_is_tried_out : SendingTest
{
    private static readonly DryRunScope All = new(int.MaxValue, Samples: 2, Concurrency: 4);

    [Test, CancelAfter(30_000)]
    public async Task It_tells_who_would_get_what_and_who_nothing(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        Scene.Crm.BlockContact(plan.ContactIds[0]);
        Scene.Crm.RemoveContact(plan.ContactIds[1]);
        Scene.Crm.Set(SimulatedContact.Ordinary(plan.ContactIds[2]) with { PhoneNumber = null });
        await Suppress(plan.ContactIds[3], cancellationToken);
        await Settle(plan.ContactIds[4], cancellationToken);
        Scene.Crm.Set(SimulatedContact.Ordinary(plan.ContactIds[5]) with { Name = null });

        var report = await TryOut(plan, All, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((report.Pending, report.Seen, report.WouldBeSent), Is.EqualTo((9, 9, 5)));
            Assert.That(
                report.WouldNotBeSent,
                Is.EquivalentTo([
                    new DryRunRefusal("SKIPPED", FailureCodes.ContactBlocked, null, 1),
                    new DryRunRefusal("SKIPPED", FailureCodes.Suppressed, null, 1),
                    new DryRunRefusal("FAILED", FailureCodes.ContactNotFound, "404 CONTACT_NOT_FOUND", 1),
                    new DryRunRefusal("FAILED", FailureCodes.Dispatch4xx, "no phone number", 1),
                ])
            );
            Assert.That(report.Gaps, Is.EqualTo([new DryRunGap("name", 1)]));
            Assert.That(report.Samples, Has.Count.EqualTo(2));
            Assert.That(report.Samples, Has.All.Property(nameof(DryRunSample.Content)).StartsWith("Hello "));
            Assert.That(report.EndedBy, Is.Null);
        }
    }

    /// <summary>What it foretells is what comes.</summary>
    [Test, CancelAfter(60_000)]
    public async Task It_changes_nothing_and_the_campaign_comes_out_as_it_said(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 8, pageSize: 8, cancellationToken);
        Scene.Crm.BlockContact(plan.ContactIds[0]);
        Scene.Crm.RemoveContact(plan.ContactIds[1]);
        Scene.Crm.Set(SimulatedContact.Ordinary(plan.ContactIds[2]) with { PhoneNumber = null });
        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);

        var report = await TryOut(plan, All, cancellationToken);

        Assert.That(report.Status, Is.EqualTo(CampaignStatus.Paused));
        Assert.That((await Scene.Rows.Count(plan.CampaignId, cancellationToken)).Pending, Is.EqualTo(8));
        Assert.That(await Scene.CountClaims(cancellationToken), Is.Zero);
        Assert.That(Scene.Crm.PostCount + Scene.Crm.LookupCount, Is.Zero, "conversations asked for");

        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Sending, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        var counts = await Scene.Rows.Count(plan.CampaignId, cancellationToken);
        Assert.That((counts.Sent, counts.Skipped, counts.Failed), Is.EqualTo((report.WouldBeSent, 1, 2)));
    }

    [Test, CancelAfter(30_000)]
    public async Task Placeholders_that_nobody_fills_are_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        Scene.Crm.Set(
            SimulatedContact.Ordinary(plan.ContactIds[0]) with
            {
                CustomAttributes = new Dictionary<string, string> { ["city"] = "Recife" },
            }
        );
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Template,
                Status = 200,
                Body =
                    """{"name":"offer","content":"{{contact.name}} in {{contact.city}}","variables":[{"name":"code"}]}""",
            }
        );

        var report = await TryOut(plan, All, cancellationToken);

        Assert.That(report.Gaps, Is.EqualTo([new DryRunGap("code", 3), new DryRunGap("city", 2)]));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_part_of_the_contacts_is_enough(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1_200, pageSize: 1_200, cancellationToken);

        var report = await TryOut(plan, All with { Contacts = 700, Concurrency = 16 }, cancellationToken);

        Assert.That((report.Seen, report.Pending), Is.EqualTo((700, 1_200)));
        Assert.That(Scene.Crm.ContactRequests, Is.EqualTo(700));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_CRM_that_refuses_us_ends_it(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        Scene.Crm.Fail(new FaultRule { Kind = CrmRequestKind.Contact, Status = 401 });

        var report = await TryOut(plan, All, cancellationToken);

        Assert.That(report.Seen, Is.Zero);
        Assert.That(report.EndedBy, Does.Contain("EVOAI_CRM_API_TOKEN"));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_CRM_that_is_away_for_a_moment_is_waited_for(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Contact,
                Status = 503,
                Times = 15,
            }
        );

        var report = await TryOut(plan, All, cancellationToken);

        Assert.That(report.WouldBeSent, Is.EqualTo(3));
    }

    [Test, CancelAfter(30_000)]
    public async Task Cancelled_it_tells_what_it_has_seen(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 600, pageSize: 600, cancellationToken);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        var report = await TryOut(plan, All, cancelled.Token, (_, _) => cancelled.Cancel());

        Assert.That((report.Seen, report.EndedBy), Is.EqualTo((500, "cancelled")));
    }

    [Test, CancelAfter(30_000)]
    public void A_campaign_that_does_not_exist_is_a_fault(CancellationToken cancellationToken) =>
        Assert.That(
            () => TryOut(new CampaignPlan { ContactIds = [] }, All, cancellationToken),
            Throws.TypeOf<PermanentFaultException>().With.Message.Contains("does not exist")
        );

    private async Task<DryRunReport> TryOut(
        CampaignPlan plan,
        DryRunScope scope,
        CancellationToken cancellationToken,
        Action<long, long>? progress = null
    )
    {
        await using var services = Scene.CommandServices((services, _) => services.AddDryRun());
        return await services
            .GetRequiredService<CampaignDryRun>()
            .Run(plan.CampaignId, scope, progress ?? ((_, _) => { }), cancellationToken);
    }

    private async Task Suppress(Guid contactId, CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "INSERT INTO campaign_sender_suppressions (contact_id, channel, reason) VALUES (@contactId, '*', 'asked us')",
            new { contactId }
        );
    }

    private async Task Settle(Guid contactId, CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "UPDATE campaigns_contacts SET status = 'SENT' WHERE contact_id = @contactId",
            new { contactId }
        );
    }
}
