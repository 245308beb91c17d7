using CampaignSender.Host.Suppression;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

internal sealed class When_contacts_are_suppressed : SendingTest
{
    [Test, CancelAfter(30_000)]
    public async Task They_are_SKIPPED_with_the_reason_and_the_CRM_is_not_asked(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 4, pageSize: 4, cancellationToken);
        await Suppress(plan.ContactIds[0], "*", cancellationToken);
        await Suppress(plan.ContactIds[1], "email", cancellationToken);
        await Suppress(plan.ContactIds[2], "*", cancellationToken, DateTimeOffset.UnixEpoch);

        var replica = await Send(plan, cancellationToken);

        await AssertSuppressed(plan.ContactIds[0], cancellationToken);
        await replica.Log.WaitFor("skipped: contact suppressed", cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Scene.MessagesByContact(plan).Keys, Is.EquivalentTo(plan.ContactIds.Skip(1)));
            Assert.That(Scene.Crm.ContactRequests, Is.EqualTo(3), "contacts looked up");
        }
    }

    [Test, CancelAfter(90_000)]
    public async Task Those_that_are_added_while_their_page_is_in_work_get_nothing(CancellationToken cancellationToken)
    {
        // At two a second the page lasts for three times as long as a change takes to be felt.
        var plan = await Prepare(contacts: 30, pageSize: 30, cancellationToken);
        await Scene.StartReplica(cancellationToken, ("RateLimit:RefillRate", "2"), ("RateLimit:Capacity", "1"));
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(1, cancellationToken);

        foreach (var contactId in plan.ContactIds)
        {
            await Suppress(contactId, "whatsapp", cancellationToken);
        }

        await Scene.WaitForReports(plan, cancellationToken);

        var counts = await Scene.Rows.Count(plan.CampaignId, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(counts.Skipped, Is.GreaterThanOrEqualTo(10));
            Assert.That(Scene.MessagesByContact(plan), Has.Count.EqualTo(counts.Sent));
            Assert.That(counts.Sent + counts.Skipped, Is.EqualTo(30));
        }
    }

    /// <summary>One look-up for the page, and one more of all of it every 4 s: never one for each contact or chunk.</summary>
    [Test, CancelAfter(60_000)]
    public async Task A_list_of_others_costs_a_page_a_handful_of_statements(CancellationToken cancellationToken)
    {
        var without = await CountLookUps(cancellationToken);
        await Suppress(Guid.NewGuid(), "*", cancellationToken);

        var with = await CountLookUps(cancellationToken);

        Assert.That(with, Is.Positive, "look-ups that were counted");
        // A page of 1,000 contacts has 16 chunks.
        Assert.That(with - without, Is.LessThan(10));
    }

    [TestCase(true)]
    [TestCase(false)]
    [CancelAfter(60_000)]
    public async Task One_that_may_have_been_posted_to_is_verified_first(
        bool wasStored,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("Dispatch:RetryCount", "0"),
            ("Dispatch:Timeout", "00:00:01"),
            ("Parking:RetryDelay", "00:00:01")
        );
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                IsCarriedOut = wasStored,
                Times = 1,
            }
        );
        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("was posted is not known", cancellationToken);
        await Suppress(plan.ContactIds[0], "*", cancellationToken);

        await Scene.WaitUntilSettled(plan, cancellationToken);

        Assert.That(Scene.Crm.LookupCount, Is.GreaterThan(0), "verified");
        if (wasStored)
        {
            await Scene.AssertEverybodyGotOne(plan, cancellationToken);
            return;
        }

        await AssertSuppressed(plan.ContactIds[0], cancellationToken);
        Assert.That(Scene.MessagesByContact(plan), Is.Empty);
    }

    /// <summary>
    /// Of a replica's second page: its first one is for what a replica asks once. Of the list alone: how often
    /// claims are taken and renewed depends on how fast the machine is.
    /// </summary>
    private async Task<long> CountLookUps(CancellationToken cancellationToken)
    {
        const string List = "campaign_sender_suppressions";
        await using var replica = await Scene.StartReplica(cancellationToken, ("Parking:PollInterval", "00:10:00"));
        await Finish(await Prepare(contacts: 10, pageSize: 10, cancellationToken), cancellationToken);
        var before = await Scene.CountStatements(List, cancellationToken);
        await Finish(await Prepare(contacts: 1_000, pageSize: 1_000, cancellationToken), cancellationToken);
        return await Scene.CountStatements(List, cancellationToken) - before;
    }

    private async Task Finish(CampaignPlan plan, CancellationToken cancellationToken)
    {
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
    }

    private Task Suppress(
        Guid contactId,
        string channel,
        CancellationToken cancellationToken,
        DateTimeOffset? expiresAt = null
    ) =>
        new SuppressionStore(Scene.Source).Add(
            new SuppressedContact
            {
                ContactId = contactId,
                Channel = channel,
                Reason = "asked us to stop",
                ExpiresAt = expiresAt,
            },
            cancellationToken
        );

    private async Task AssertSuppressed(Guid contactId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Assert.That(await ReadVerdict(contactId), Is.EqualTo(("suppressed", "asked us to stop")));
    }

    private async Task<(string? Code, string? Reason)> ReadVerdict(Guid contactId)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(CancellationToken.None);
        return await connection.QuerySingleAsync<(string?, string?)>(
            "SELECT failure_code, failure_reason FROM campaigns_contacts WHERE contact_id = @contactId",
            new { contactId }
        );
    }
}
