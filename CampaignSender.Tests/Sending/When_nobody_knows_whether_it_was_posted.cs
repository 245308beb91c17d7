using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using Dapper;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

internal sealed class When_nobody_knows_whether_it_was_posted : SendingTest
{
    [TestCase(500, false)]
    [TestCase(500, true)]
    [TestCase(502, false)]
    [TestCase(502, true)]
    [TestCase(504, true)]
    [TestCase(202, true)]
    [TestCase(null, true)]
    [TestCase(null, false)]
    [CancelAfter(60_000)]
    public async Task The_CRM_is_asked_and_everybody_gets_one(
        int? status,
        bool wasStored,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        Fail(plan, status, wasStored, times: 5);

        await Send(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(Scene.Crm.LookupCount, Is.GreaterThanOrEqualTo(5));
    }

    [TestCase("<html>Welcome</html>", false)]
    [TestCase("", false)]
    [TestCase("{\"success\":true", false)]
    [TestCase("{\"success\":true", true)]
    [CancelAfter(60_000)]
    public async Task A_success_that_does_not_show_the_thread_is_not_believed(
        string body,
        bool wasStored,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = 200,
                Body = body,
                IsCarriedOut = wasStored,
                Times = 5,
            }
        );

        await Send(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [TestCase(false)]
    [TestCase(true)]
    [CancelAfter(60_000)]
    public async Task A_success_that_breaks_off_before_its_body_proves_nothing(
        bool wasStored,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                IsCarriedOut = wasStored,
                IsCutAfterHeaders = true,
                Times = 5,
            }
        );

        await Send(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_CRM_that_stores_after_the_timeout_is_asked_late_enough(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 5, cancellationToken);
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Delay = 1_300,
                IsCarriedOut = true,
                Status = 201,
                Times = 5,
            }
        );

        await Send(plan, cancellationToken, ("Dispatch:Timeout", "00:00:01"), ("Dispatch:SettleTime", "00:00:06"));
        // All posts are carried out, however late.
        await Scene.Crm.WaitForMessages(Scene.Crm.PostCount, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_CRM_that_cannot_be_asked_keeps_the_contact_until_it_is_given_up(
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 2, pageSize: 2, cancellationToken);
        Scene.Crm.LoseAnswers(times: 2);
        Scene.Crm.Fail(new FaultRule { Kind = CrmRequestKind.Lookup, Status = 400 });

        await Send(
            plan,
            cancellationToken,
            ("Dispatch:Timeout", "00:00:00.500"),
            ("Claim:TimeToLive", "00:00:02"),
            ("Dispatch:UnknownAfter", "00:00:01")
        );

        Assert.That(await FailureCodes(plan, cancellationToken), Is.EqualTo(["outcome_unknown"]));
        Assert.That(Scene.MessagesByContact(plan).Values, Is.All.EqualTo(1), "messages");
    }

    [Test, CancelAfter(60_000)]
    public async Task How_long_it_is_not_known_counts_from_the_last_message(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await PutInDoubt(connection);
        Scene.Crm.Fail(new FaultRule { Kind = CrmRequestKind.Post, Status = 504 });
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("Dispatch:RetryCount", "0"),
            ("Parking:RetryDelay", "01:00:00")
        );

        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("is parked: ", cancellationToken);

        Assert.That(Scene.Crm.LookupCount, Is.Positive);
        Assert.That(
            await connection.ExecuteScalarAsync<bool>(
                "SELECT uncertain_since > now() - interval '2 minutes' FROM campaigns_contacts"
            )
        );
    }

    /// <summary>Else an outage would make each of them one that always fails, and its page be claimed whole again and again.</summary>
    [TestCase(401, false)]
    [TestCase(429, true)]
    [CancelAfter(60_000)]
    public async Task A_page_of_which_the_CRM_cannot_be_asked_is_left(
        int status,
        bool areUntried,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 60, pageSize: 60, cancellationToken);
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        await PutInDoubt(connection);
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Contact,
                Status = status,
                RetryAfter = 60,
            }
        );
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("Dispatch:Concurrency", "2"),
            ("Dispatch:BackoffCap", "00:00:01"),
            ("Claim:ChunkSize", "2"),
            ("Parking:RetryDelay", "01:00:00")
        );

        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("is parked: ", cancellationToken);

        var attempts = (await connection.QueryAsync<int>("SELECT claim_attempts FROM campaigns_contacts")).AsList();
        Assert.That(attempts.Count(each => each > 1), areUntried ? Is.Zero : Is.InRange(1, 20));
        Assert.That(
            await connection.ExecuteScalarAsync<int>(
                "SELECT count(*) FROM campaigns_contacts WHERE claim_expires_at > now()"
            ),
            Is.InRange(1, 20),
            "claimed"
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task By_the_policy_fail_it_is_given_up_unasked(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 2, pageSize: 2, cancellationToken);
        Scene.Crm.LoseAnswers(times: 2);

        await Send(plan, cancellationToken, ("Dispatch:Uncertain", "fail"));

        Assert.That(await FailureCodes(plan, cancellationToken), Is.EqualTo(["outcome_unknown"]));
        Assert.That(Scene.Crm.LookupCount, Is.Zero);
    }

    [Test, CancelAfter(60_000)]
    public async Task By_the_policy_resend_it_is_sent_again_unasked(CancellationToken cancellationToken)
    {
        IsMeantToRepeat = true;
        var plan = await Prepare(contacts: 2, pageSize: 2, cancellationToken);
        Scene.Crm.LoseAnswers(times: 2);

        await Send(plan, cancellationToken, ("Dispatch:Uncertain", "resend"));

        Assert.That(Scene.MessagesByContact(plan).Values, Is.All.EqualTo(2), "messages");
        Assert.That(Scene.Crm.LookupCount, Is.Zero);
    }

    /// <summary>For almost an hour.</summary>
    private static async Task PutInDoubt(NpgsqlConnection connection) =>
        await connection.ExecuteAsync(
            """
            UPDATE campaigns_contacts
            SET claim_id = gen_random_uuid(), claim_attempts = 1, claim_expires_at = now() - interval '1 minute',
                uncertain_since = now() - interval '50 minutes'
            """
        );

    private void Fail(CampaignPlan plan, int? status, bool wasStored, int times)
    {
        Assert.That(plan.ContactIds, Has.Count.EqualTo(times));
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = status,
                IsCarriedOut = wasStored,
                Times = times,
            }
        );
    }

    private async Task<IEnumerable<string>> FailureCodes(CampaignPlan plan, CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<string>(
            new CommandDefinition(
                "SELECT DISTINCT failure_code FROM campaigns_contacts WHERE campaign_id = @campaignId AND status = 'FAILED'",
                new { campaignId = plan.CampaignId },
                cancellationToken: cancellationToken
            )
        );
    }
}
