using CampaignSender.Sandbox.Campaigns;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

internal sealed class When_the_CRM_refuses_or_fails : SendingTest
{
    [Test, CancelAfter(30_000)]
    public async Task A_contact_that_does_not_exist_is_FAILED_and_the_others_are_sent(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        Scene.Crm.RemoveContact(plan.ContactIds[0]);

        await Send(plan, cancellationToken);

        await AssertVerdict(plan.ContactIds[0], "FAILED", "contact_not_found", cancellationToken);
        Assert.That(
            await Scene.Rows.Count(plan.CampaignId, cancellationToken),
            Is.EqualTo(new ContactCounts(Sent: 9, Failed: 1, Skipped: 0, Pending: 0))
        );
    }

    [Test, CancelAfter(30_000)]
    public async Task A_blocked_contact_is_SKIPPED(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        Scene.Crm.BlockContact(plan.ContactIds[0]);

        var replica = await Send(plan, cancellationToken);

        await AssertVerdict(plan.ContactIds[0], "SKIPPED", "contact_blocked", cancellationToken);
        await replica.Log.WaitFor("skipped: contact blocked", cancellationToken);
        Assert.That(Scene.MessagesByContact(plan).Keys, Is.EquivalentTo(plan.ContactIds.Skip(1)));
    }

    [TestCase(400)]
    [TestCase(404)]
    [TestCase(409)]
    [TestCase(422)]
    [CancelAfter(30_000)]
    public async Task A_refused_message_is_FAILED_at_once_with_the_reason(
        int status,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        Scene.Crm.FailPosts(status);

        var replica = await Send(plan, cancellationToken);

        var reason = await AssertVerdict(plan.ContactIds[0], "FAILED", "dispatch_4xx", cancellationToken);
        var line = await replica.Log.WaitFor("campaign contact failed", cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reason, Does.Contain($"{status}"));
            Assert.That(line.Text, Does.Contain($"dispatch_4xx: {status}"));
            Assert.That(Scene.Crm.PostCount, Is.EqualTo(1), "posts");
        }
    }

    [TestCase(408)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    [CancelAfter(30_000)]
    public async Task A_passing_failure_is_tried_again_until_it_has_passed(
        int status,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        Scene.Crm.FailPosts(status, times: 5);

        var replica = await Send(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        await replica.Log.WaitFor("dispatch retry scheduled", cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_lasting_failure_ends_in_FAILED_after_the_configured_tries(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 2, pageSize: 2, cancellationToken);
        Scene.Crm.FailPosts(503);

        await Send(plan, cancellationToken, ("Dispatch:RetryCount", "2"));

        await AssertVerdict(plan.ContactIds[0], "FAILED", "dispatch_exhausted_retries", cancellationToken);
        Assert.That(Scene.Crm.PostCount, Is.EqualTo(2 * 3), "posts");
    }

    [Test, CancelAfter(30_000)]
    public async Task Without_retries_the_first_failure_is_the_last(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 2, pageSize: 2, cancellationToken);
        Scene.Crm.FailPosts(500);

        await Send(plan, cancellationToken, ("Dispatch:RetryCount", "0"));

        await AssertVerdict(plan.ContactIds[0], "FAILED", "dispatch_exhausted_retries", cancellationToken);
        Assert.That(Scene.Crm.PostCount, Is.EqualTo(2), "posts");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_message_that_was_stored_before_the_answer_was_lost_is_not_sent_again(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        Scene.Crm.LoseAnswers(times: 5);

        await Send(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_message_that_was_lost_before_it_was_stored_is_sent_again(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        Scene.Crm.LoseRequests(times: 5);

        await Send(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [TestCase(401)]
    [TestCase(403)]
    [CancelAfter(60_000)]
    public async Task Refused_credentials_park_the_page_and_fail_nobody(int status, CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 50, pageSize: 50, cancellationToken);
        Scene.Crm.FailPosts(status, times: 80);
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);

        await replica.Log.WaitFor("is parked: crm_unauthorized", cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task With_refused_credentials_no_more_are_tried_than_are_under_way(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 200, pageSize: 200, cancellationToken);
        Scene.Crm.FailPosts(401);

        await Scene.StartReplica(cancellationToken, ("Dispatch:Concurrency", "4"), ("Parking:RetryDelay", "01:00:00"));
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);

        Assert.That(Scene.Crm.PostCount, Is.LessThan(20));
    }

    /// <summary>Returns the stored reason.</summary>
    private async Task<string?> AssertVerdict(
        Guid contactId,
        string status,
        string code,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleAsync(
            "SELECT status::text AS status, failure_code, failure_reason FROM campaigns_contacts WHERE contact_id = @contactId",
            new { contactId }
        );
        Assert.That(((string)row.status, (string)row.failure_code), Is.EqualTo((status, code)));
        return row.failure_reason;
    }
}
