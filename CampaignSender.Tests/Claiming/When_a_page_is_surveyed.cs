using CampaignSender.Host.Claiming;
using CampaignSender.Host.Crm;
using CampaignSender.Sandbox.Campaigns;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace CampaignSender.Tests.Claiming;

internal sealed class When_a_page_is_surveyed : ClaimingTest
{
    private readonly Guid _owner = Guid.NewGuid();

    [Test, CancelAfter(10_000)]
    public async Task Contacts_are_counted_and_not_rows(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(4);
        var plan = await Insert([.. contacts, .. contacts], cancellationToken);
        await Settle(plan, contacts[0], "SENT", cancellationToken);
        await Settle(plan, contacts[1], "FAILED", cancellationToken);
        await Settle(plan, contacts[2], "SKIPPED", cancellationToken);

        var survey = await Survey(plan, contacts, cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That((survey.Sent, survey.Failed, survey.Skipped), Is.EqualTo((1, 1, 1)));
            Assert.That(survey.Pending, Is.EqualTo(contacts.Skip(3)));
            Assert.That(survey.HeldFor, Is.Null);
            Assert.That(survey.IsFinished, Is.False);
        });
    }

    [Test, CancelAfter(10_000)]
    public async Task Rows_that_are_left_over_end_with_it(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(2);
        var plan = await Insert([.. contacts, .. contacts], cancellationToken);
        await Settle(plan, contacts[0], "SENT", cancellationToken);

        await Survey(plan, contacts, cancellationToken);

        var rows = (await Rows(plan.CampaignId, cancellationToken)).ToLookup(row => row.ContactId);
        Assert.That(rows[contacts[0]].Select(row => row.Status), Is.EquivalentTo(["SENT", "SKIPPED"]));
        Assert.That(rows[contacts[1]].Select(row => row.Status), Is.All.EqualTo("PENDING"));
        Assert.That(
            rows[contacts[0]].Single(row => row.Status == "SKIPPED").FailureCode,
            Is.EqualTo(FailureCodes.DuplicateRow)
        );
    }

    /// <summary>As an operator does it, who thinks of those that failed and not of their duplicates.</summary>
    [Test, CancelAfter(10_000)]
    public async Task One_that_was_set_back_is_pending_whatever_its_duplicates(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(1);
        var plan = await Insert([.. contacts, .. contacts], cancellationToken);
        await Settle(plan, contacts[0], "FAILED", cancellationToken);
        await Survey(plan, contacts, cancellationToken);

        await Execute(
            "UPDATE campaigns_contacts SET status = 'PENDING' WHERE campaign_id = @id AND status = 'FAILED'",
            new { id = plan.CampaignId },
            cancellationToken
        );

        Assert.That((await Survey(plan, contacts, cancellationToken)).Pending, Is.EqualTo(contacts));
        var row = (await Claim(plan.CampaignId, contacts, _owner, Live, cancellationToken)).Single();
        await Record(_owner, [Sent(row)], cancellationToken);
        Assert.That((await Survey(plan, contacts, cancellationToken)).Sent, Is.EqualTo(1));
        Assert.That(
            (await Rows(plan.CampaignId, cancellationToken)).Select(each => each.Status),
            Is.EquivalentTo(["SENT", "SKIPPED"])
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_is_pending_beside_a_duplicate_is_nothing_left_over(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(2);
        var plan = await Insert([.. contacts, .. contacts], cancellationToken);
        // One with a row that is left over, and one that was set back and has a duplicate.
        await Settle(plan, contacts[0], "SENT", cancellationToken);
        await Settle(plan, contacts[1], "SKIPPED", cancellationToken);
        await Execute(
            "UPDATE campaigns_contacts SET failure_code = 'duplicate_row' WHERE campaign_id = @id AND status = 'SKIPPED'",
            new { id = plan.CampaignId },
            cancellationToken
        );

        await Survey(plan, contacts, cancellationToken);

        Assert.That((await Survey(plan, contacts, cancellationToken)).Pending, Is.EqualTo(contacts.Skip(1)));
    }

    /// <summary>Whatever else was recorded of it: it has its message.</summary>
    [Test, CancelAfter(10_000)]
    public async Task One_that_was_sent_by_any_row_is_sent(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(2);
        var plan = await Insert([.. contacts, .. contacts], cancellationToken);
        foreach (var (contact, others) in new[] { (contacts[0], "FAILED"), (contacts[1], "SKIPPED") })
        {
            await Execute(
                "UPDATE campaigns_contacts SET status = @others::campaign_contact_status_enum WHERE contact_id = @contact",
                new { contact, others },
                cancellationToken
            );
            await Settle(plan, contact, "SENT", cancellationToken);
        }

        var survey = await Survey(plan, contacts, cancellationToken);

        Assert.That((survey.Sent, survey.Failed, survey.Skipped), Is.EqualTo((2, 0, 0)));
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_has_nothing_but_duplicates_is_skipped(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Execute(
            "UPDATE campaigns_contacts SET status = 'SKIPPED', failure_code = 'duplicate_row' WHERE campaign_id = @id",
            new { id = plan.CampaignId },
            cancellationToken
        );

        var survey = await Survey(plan, plan.ContactIds, cancellationToken);

        Assert.That((survey.Skipped, survey.IsFinished), Is.EqualTo((1, true)));
    }

    [Test, CancelAfter(10_000)]
    public async Task The_first_claim_to_end_says_how_long_to_wait(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 3, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds.Take(1), _owner, Live, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds.Skip(1).Take(1), _owner, 2 * Live, cancellationToken);

        var survey = await Survey(plan, plan.ContactIds, cancellationToken);

        Assert.That(
            survey.HeldFor,
            Is.EqualTo(Live + new DispatchOptions().SettleTime).Within(TimeSpan.FromSeconds(10))
        );
        Assert.That(survey.Pending, Is.EquivalentTo(plan.ContactIds));
    }

    [Test, CancelAfter(10_000)]
    public async Task Contacts_without_a_row_are_no_contacts(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);

        var survey = await Survey(plan, CampaignPlan.NewContacts(3), cancellationToken);

        Assert.That((survey.Sent, survey.Failed, survey.Skipped), Is.EqualTo((0, 0, 0)));
        Assert.That(survey.IsFinished);
    }

    private Task<PageSurvey> Survey(
        CampaignPlan plan,
        IReadOnlyList<Guid> contacts,
        CancellationToken cancellationToken
    ) =>
        new ContactClaims(
            Claims,
            Options.Create(new ClaimOptions()),
            Options.Create(new DispatchOptions()),
            TimeProvider.System,
            NullLogger<PageClaims>.Instance
        ).Survey(plan.Pages().First(), [.. contacts], cancellationToken);

    private Task Settle(CampaignPlan plan, Guid contact, string status, CancellationToken cancellationToken) =>
        Execute(
            """
            UPDATE campaigns_contacts SET status = @status::campaign_contact_status_enum
            WHERE id = (
                SELECT id FROM campaigns_contacts WHERE campaign_id = @campaignId AND contact_id = @contact LIMIT 1
            )
            """,
            new
            {
                status,
                campaignId = plan.CampaignId,
                contact,
            },
            cancellationToken
        );
}
