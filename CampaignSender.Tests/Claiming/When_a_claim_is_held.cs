using CampaignSender.Host.Recording;
using NUnit.Framework;

namespace CampaignSender.Tests.Claiming;

internal sealed class When_a_claim_is_held : ClaimingTest
{
    private readonly Guid _owner = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();

    [Test, CancelAfter(10_000)]
    public async Task Its_owner_records_each_verdict(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 3, cancellationToken);
        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
        var sent = Sent(claimed[0]);
        var failed = new ContactOutcome
        {
            RowId = claimed[1].RowId,
            ContactId = claimed[1].ContactId,
            ClaimId = _owner,
            Status = ContactStatus.Failed,
            Code = "dispatch_4xx",
            Reason = "422: no phone",
        };
        var skipped = failed with
        {
            RowId = claimed[2].RowId,
            Status = ContactStatus.Skipped,
            Code = "contact_blocked",
            Reason = null,
        };

        var written = await Record(_owner, [sent, failed, skipped], cancellationToken);

        var stored = await Rows(plan.CampaignId, cancellationToken);
        var rows = claimed.Select(row => stored.Single(each => each.Id == row.RowId)).ToList();
        Assert.That(written, Is.EquivalentTo(claimed.Select(row => row.RowId)));
        Assert.Multiple(() =>
        {
            Assert.That(rows.Select(row => row.Status), Is.EqualTo((string[])["SENT", "FAILED", "SKIPPED"]));
            Assert.That(
                rows.Select(row => row.FailureCode),
                Is.EqualTo((string?[])[null, "dispatch_4xx", "contact_blocked"])
            );
            Assert.That(rows.Select(row => row.FailureReason), Is.EqualTo((string?[])[null, "422: no phone", null]));
            Assert.That(rows.Select(row => row.CrmMessageId), Is.EqualTo((string?[])["m-1", null, null]));
            Assert.That(rows.Select(row => row.SettledAt), Is.All.Not.Null);
            Assert.That(rows.Select(row => row.ClaimId), Is.All.Null);
            Assert.That(rows.Select(row => row.ClaimExpiresAt), Is.All.Null);
            // Without time zone, in UTC, as evo-flow reads it.
            Assert.That(
                rows[0].SentAt,
                Is.EqualTo(TimeProvider.System.GetUtcNow().UtcDateTime).Within(TimeSpan.FromSeconds(10))
            );
            Assert.That(rows.Skip(1).Select(row => row.SentAt), Is.All.Null);
        });
    }

    [Test, CancelAfter(10_000)]
    public async Task Nobody_else_records_that_it_failed(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
        var before = await Rows(plan.CampaignId, cancellationToken);

        var written = await Record(_other, [.. claimed.Select(Failed)], cancellationToken);

        Assert.That(written, Is.Empty);
        Assert.That(await Rows(plan.CampaignId, cancellationToken), Is.EqualTo(before));
    }

    [Test, CancelAfter(10_000)]
    public async Task Who_has_lost_it_records_no_failure_and_is_told(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 3, cancellationToken);
        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Expired, cancellationToken);
        var kept = claimed.Single(row => row.ContactId == plan.ContactIds[2]);
        await Claim(plan.CampaignId, plan.ContactIds.Take(2), _other, Live, cancellationToken);

        var written = await Record(_owner, [.. claimed.Select(Failed)], cancellationToken);

        Assert.That(written, Is.EqualTo((Guid[])[kept.RowId]));
        Assert.That(
            (await Rows(plan.CampaignId, cancellationToken)).Where(row => row.Id != kept.RowId),
            Is.All.Matches<ContactRow>(row => row.Status == "PENDING" && row.ClaimId == _other)
        );
    }

    /// <summary>An operator, or the sender from before that knows of no claims.</summary>
    [TestCase("SENT")]
    [TestCase("SKIPPED")]
    [CancelAfter(10_000)]
    public async Task A_verdict_that_somebody_else_wrote_stays(string status, CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        var claimed = await Claim(plan.CampaignId, contacts, _owner, Live, cancellationToken);
        await Execute(
            "UPDATE campaigns_contacts SET status = @status::campaign_contact_status_enum WHERE campaign_id = @id",
            new { status, id = plan.CampaignId },
            cancellationToken
        );
        var before = await Rows(plan.CampaignId, cancellationToken);

        var written = await Record(_owner, [Failed(claimed[0])], cancellationToken);

        Assert.That(written, Is.Empty);
        Assert.That(await Claims.Renew(plan.CampaignId, contacts, _owner, Live, cancellationToken), Is.Empty);
        Assert.That(await Claims.Release(plan.CampaignId, contacts, [], _owner, cancellationToken), Is.Zero);
        Assert.That(await Rows(plan.CampaignId, cancellationToken), Is.EqualTo(before));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_was_written_without_an_answer_is_ours_when_it_is_repeated(
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
        ContactOutcome[] batch = [.. claimed.Select(row => Sent(row) with { ClaimId = _owner })];
        await Outcomes.Record(batch, isRepeated: false, cancellationToken);
        var before = await Rows(plan.CampaignId, cancellationToken);
        batch[1] = batch[1] with { MessageId = "m-2" };

        var repeated = await Outcomes.Record(batch, isRepeated: true, cancellationToken);
        var byAnother = await Outcomes.Record(batch, isRepeated: false, cancellationToken);

        Assert.That(repeated, Is.EqualTo([new RecordedRow(claimed[0].RowId, _owner, IsWritten: true)]).AsCollection);
        Assert.That(byAnother, Is.Empty);
        Assert.That(await Rows(plan.CampaignId, cancellationToken), Is.EqualTo(before));
    }

    // The former owner's outcome waited while the database was away, and its claim ran out.
    [TestCase(true), TestCase(false), CancelAfter(10_000)]
    public async Task Of_two_owners_in_one_statement_the_one_that_holds_it_is_recorded(
        bool formerFirst,
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var row = (await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken)).Single();
        var former = Sent(row) with
        {
            ClaimId = _other,
            Status = ContactStatus.Failed,
            Code = "dispatch_exhausted_retries",
        };
        var live = Sent(row) with { ClaimId = _owner };
        ContactOutcome[] batch = formerFirst ? [former, live] : [live, former];

        var written = await Outcomes.Record(batch, isRepeated: false, cancellationToken);

        Assert.That(written, Is.EqualTo([new RecordedRow(row.RowId, _owner, IsWritten: true)]).AsCollection);
        Assert.That((await Rows(plan.CampaignId, cancellationToken)).Single().Status, Is.EqualTo("SENT"));
    }

    [Test, CancelAfter(10_000)]
    public async Task One_statement_records_for_many_claims_each_its_own_rows(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 3, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        var ours = await Claim(plan.CampaignId, contacts[..2], _owner, Live, cancellationToken);
        var others = await Claim(plan.CampaignId, contacts[2..], _other, Live, cancellationToken);

        var written = await Record(
            [
                Sent(ours[0]) with
                {
                    ClaimId = _owner,
                },
                Failed(ours[1]) with
                {
                    ClaimId = _other,
                },
                Sent(others[0]) with
                {
                    ClaimId = _other,
                },
            ],
            cancellationToken
        );

        Assert.That(written, Is.EquivalentTo((Guid[])[ours[0].RowId, others[0].RowId]));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_verdict_is_recorded_once(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
        await Record(_owner, [Sent(claimed[0])], cancellationToken);
        var before = await Rows(plan.CampaignId, cancellationToken);

        var failed = Sent(claimed[0]) with { Status = ContactStatus.Failed };

        Assert.That(await Record(_owner, [failed], cancellationToken), Is.Empty);
        Assert.That(await Rows(plan.CampaignId, cancellationToken), Is.EqualTo(before));
    }

    [Test, CancelAfter(10_000)]
    public async Task Only_what_is_ours_and_pending_is_renewed(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 4, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        var ours = await Claim(plan.CampaignId, contacts[..2], _owner, TimeSpan.FromMinutes(1), cancellationToken);
        await Claim(plan.CampaignId, contacts[2..3], _other, TimeSpan.FromMinutes(1), cancellationToken);
        var settled = ours.Single(row => row.ContactId == contacts[0]);
        await Record(_owner, [Sent(settled)], cancellationToken);
        var before = (await Rows(plan.CampaignId, cancellationToken)).ToDictionary(row => row.ContactId);

        var renewed = await Renew(plan.CampaignId, contacts, cancellationToken);

        var after = (await Rows(plan.CampaignId, cancellationToken)).ToDictionary(row => row.ContactId);
        Assert.That(renewed, Is.EqualTo(contacts[1..2]));
        Assert.That(
            after[contacts[1]].ClaimExpiresAt - before[contacts[1]].ClaimExpiresAt,
            Is.GreaterThan(TimeSpan.FromMinutes(8))
        );
        Assert.That(
            contacts.Except(renewed).Select(contact => after[contact]),
            Is.EqualTo(contacts.Except(renewed).Select(contact => before[contact]))
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_has_run_out_can_be_renewed_until_somebody_takes_it(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds, _owner, Expired, cancellationToken);

        var renewed = await Renew(plan.CampaignId, [.. plan.ContactIds], cancellationToken);

        Assert.That(renewed, Is.EqualTo(plan.ContactIds));
        Assert.That(await Claim(plan.CampaignId, plan.ContactIds, _other, Live, cancellationToken), Is.Empty);
    }

    [Test, CancelAfter(10_000)]
    public async Task Only_what_is_ours_is_given_back(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 3, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        await Claim(plan.CampaignId, contacts[..2], _owner, Live, cancellationToken);
        await Claim(plan.CampaignId, contacts[2..], _other, Live, cancellationToken);

        var released = await Claims.Release(plan.CampaignId, contacts[1..], [], _owner, cancellationToken);

        var rows = await Rows(plan.CampaignId, cancellationToken);
        Assert.That(released, Is.EqualTo(1));
        Assert.That(
            contacts.Select(contact => rows.Single(row => row.ContactId == contact).ClaimId),
            Is.EqualTo((Guid?[])[_owner, null, _other])
        );
    }

    /// <summary>Else a look-up that fails once would give up a message that was posted minutes ago.</summary>
    [Test, CancelAfter(10_000)]
    public async Task A_doubt_that_was_answered_does_not_make_the_next_one_older(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        await Claim(plan.CampaignId, contacts, _owner, Expired, cancellationToken);
        await Claim(plan.CampaignId, contacts, _owner, Expired, cancellationToken);
        await Execute(
            "UPDATE campaigns_contacts SET uncertain_since = now() - interval '50 minutes'",
            new { },
            cancellationToken
        );

        var written = await Claims.LeaveInDoubt(plan.CampaignId, contacts[..1], [], _owner, cancellationToken);
        var ofAnother = await Claims.LeaveInDoubt(plan.CampaignId, contacts[1..], [], _other, cancellationToken);

        var taken = (await Claim(plan.CampaignId, contacts, _other, Live, cancellationToken)).ToDictionary(row =>
            row.ContactId
        );
        Assert.That((written, ofAnother), Is.EqualTo((1, 0)));
        Assert.That(taken[contacts[0]].UncertainFor, Is.LessThan(TimeSpan.FromMinutes(1)));
        Assert.That(taken[contacts[1]].UncertainFor, Is.GreaterThan(TimeSpan.FromMinutes(49)));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_doubt_of_which_the_CRM_could_not_be_asked_is_no_try(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        for (var times = 0; times < 3; times++)
        {
            await Claim(plan.CampaignId, contacts, _owner, Expired, cancellationToken);
            await Claims.LeaveInDoubt(plan.CampaignId, [], contacts[1..], _owner, cancellationToken);
        }

        var claimed = await Claim(plan.CampaignId, contacts, _other, Live, cancellationToken);

        Assert.That(
            contacts.Select(contact => claimed.Single(row => row.ContactId == contact).Attempts),
            Is.EqualTo((int[])[4, 1])
        );
        Assert.That(claimed.Select(row => row.UncertainFor), Has.None.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task Only_what_the_CRM_failed_counts_as_a_try(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        for (var times = 0; times < 3; times++)
        {
            await Claim(plan.CampaignId, contacts, _owner, Live, cancellationToken);
            await Claims.Release(plan.CampaignId, contacts, contacts[..1], _owner, cancellationToken);
        }

        var claimed = await Claim(plan.CampaignId, contacts, _other, Live, cancellationToken);

        Assert.That(
            contacts.Select(contact => claimed.Single(row => row.ContactId == contact).Attempts),
            Is.EqualTo((int[])[4, 1])
        );
    }

    /// <summary>By another owner, or with the last commits of a server whose standby has taken over without them.</summary>
    [Test, CancelAfter(10_000)]
    public async Task That_it_was_sent_is_recorded_whatever_has_become_of_the_claim(
        [Values] bool isTaken,
        CancellationToken cancellationToken
    )
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
        await Execute(
            "UPDATE campaigns_contacts SET claim_id = @claim, claim_expires_at = now() + interval '1 minute' WHERE campaign_id = @id",
            new { claim = isTaken ? _other : (Guid?)null, id = plan.CampaignId },
            cancellationToken
        );

        var written = await Record(_owner, [Sent(claimed[0]), Failed(claimed[1])], cancellationToken);

        Assert.That(written, Is.EqualTo((Guid[])[claimed[0].RowId]));
        Assert.That(
            (await Rows(plan.CampaignId, cancellationToken)).Single(row => row.Id == claimed[0].RowId).CrmMessageId,
            Is.EqualTo("m-1")
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task What_was_given_back_was_never_posted(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var first = await Claim(plan.CampaignId, plan.ContactIds, _owner, Expired, cancellationToken);
        await Claims.Release(plan.CampaignId, [.. plan.ContactIds], [], _owner, cancellationToken);

        var second = await Claim(plan.CampaignId, plan.ContactIds, _other, Live, cancellationToken);

        Assert.That(second.Single().UncertainFor, Is.Null);
        Assert.That(second.Single().RowId, Is.EqualTo(first.Single().RowId));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_the_CRM_says_is_recorded_as_it_is(CancellationToken cancellationToken)
    {
        const string reason = "naïve 😀 \\ \" ' {} \n \u0001";
        var plan = await Insert(contacts: 1, cancellationToken);
        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);

        await Record(_owner, [Sent(claimed[0]) with { Reason = reason }], cancellationToken);

        Assert.That((await Rows(plan.CampaignId, cancellationToken)).Single().FailureReason, Is.EqualTo(reason));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_row_that_is_gone_does_not_hold_up_the_others(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);
        var gone = Sent(claimed[0]) with { RowId = Guid.NewGuid() };

        var written = await Record(_owner, [gone, Sent(claimed[0])], cancellationToken);

        Assert.That(written, Is.EqualTo((Guid[])[claimed[0].RowId]));
    }

    private async Task<IReadOnlyList<Guid>> Renew(
        Guid campaignId,
        Guid[] contacts,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await Claims.Renew(campaignId, contacts, _owner, Live, cancellationToken))
                .Where(row => row.IsRenewed)
                .Select(row => row.ContactId),
        ];
}
