using CampaignSender.Sandbox.Campaigns;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Claiming;

internal sealed class When_contacts_are_claimed : ClaimingTest
{
    private readonly Guid _owner = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();

    [Test, CancelAfter(10_000)]
    public async Task Each_pending_one_is_ours_for_the_time_asked(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 3, cancellationToken);

        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);

        var rows = await Rows(plan.CampaignId, cancellationToken);
        Assert.Multiple(() =>
        {
            Assert.That(claimed.Select(row => row.ContactId), Is.EquivalentTo(plan.ContactIds));
            Assert.That(claimed.Select(row => row.UncertainFor), Is.All.Null);
            Assert.That(claimed.Select(row => row.Attempts), Is.All.EqualTo(1));
            Assert.That(rows.Select(row => row.ClaimId), Is.All.EqualTo(_owner));
            Assert.That(rows.Select(row => row.Status), Is.All.EqualTo("PENDING"));
            Assert.That(
                rows.Select(row => row.ClaimExpiresAt),
                Is.All.EqualTo(TimeProvider.System.GetUtcNow().UtcDateTime + Live).Within(TimeSpan.FromSeconds(10))
            );
        });
    }

    [Test, CancelAfter(10_000)]
    public async Task A_live_claim_is_not_taken(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 4, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds.Take(2), _other, Live, cancellationToken);

        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);

        var rows = await Rows(plan.CampaignId, cancellationToken);
        Assert.That(claimed.Select(row => row.ContactId), Is.EquivalentTo(plan.ContactIds.Skip(2)));
        Assert.That(rows.Count(row => row.ClaimId == _other), Is.EqualTo(2));
    }

    [Test, CancelAfter(10_000)]
    public async Task An_owner_does_not_take_its_own_claims_again(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);

        Assert.That(await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken), Is.Empty);
    }

    [Test, CancelAfter(10_000)]
    public async Task An_expired_claim_is_taken_and_said_to_be_one(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds.Take(1), _other, Expired, cancellationToken);

        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);

        Assert.That(
            claimed.Select(row => (row.ContactId, row.UncertainFor is not null, row.Attempts)),
            Is.EquivalentTo([(plan.ContactIds[0], true, 2), (plan.ContactIds[1], false, 1)])
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task A_doubt_that_nobody_asked_about_for_long_is_as_if_it_were_new(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        await Claim(plan.CampaignId, contacts[..1], _other, Expired, cancellationToken);
        await Claim(plan.CampaignId, contacts[1..], _other, -2 * UnknownAfter, cancellationToken);
        await Execute(
            "UPDATE campaigns_contacts SET uncertain_since = now() - interval '1 day'",
            new { },
            cancellationToken
        );

        var claimed = await Claim(plan.CampaignId, contacts, _owner, Live, cancellationToken);

        Assert.That(
            claimed.ToDictionary(row => row.ContactId, row => row.UncertainFor > UnknownAfter),
            Is.EqualTo(new Dictionary<Guid, bool> { [contacts[0]] = true, [contacts[1]] = false })
        );
    }

    /// <summary>What its owner posted last may reach the CRM after the claim has run out.</summary>
    [Test, CancelAfter(10_000)]
    public async Task An_expired_claim_is_not_taken_before_the_CRM_has_settled(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        await Claim(plan.CampaignId, contacts, _other, Expired, cancellationToken);

        var early = await Claims.Claim(
            plan.CampaignId,
            Packing,
            contacts,
            _owner,
            Live,
            settleTime: Live,
            UnknownAfter,
            cancellationToken
        );
        var late = await Claims.Claim(
            plan.CampaignId,
            Packing,
            contacts,
            _owner,
            Live,
            TimeSpan.Zero,
            UnknownAfter,
            cancellationToken
        );

        Assert.That(early, Is.Empty);
        Assert.That(late.Select(row => row.ContactId), Is.EqualTo(contacts));
    }

    [Test, CancelAfter(10_000)]
    public async Task It_is_uncertain_since_the_first_claim_that_ran_out(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds, _other, Expired, cancellationToken);
        await Claim(plan.CampaignId, plan.ContactIds, _other, Expired, cancellationToken);
        await Execute(
            "UPDATE campaigns_contacts SET uncertain_since = uncertain_since - interval '1 hour'",
            new { },
            cancellationToken
        );

        var claimed = await Claim(plan.CampaignId, plan.ContactIds, _owner, Live, cancellationToken);

        Assert.That(claimed.Single().UncertainFor, Is.GreaterThanOrEqualTo(TimeSpan.FromHours(1)));
    }

    [TestCase("SENT")]
    [TestCase("FAILED")]
    [TestCase("SKIPPED")]
    [CancelAfter(10_000)]
    public async Task A_settled_contact_is_not_claimed_whatever_its_other_rows(
        string status,
        CancellationToken cancellationToken
    )
    {
        var contacts = CampaignPlan.NewContacts(2);
        var plan = await Insert([contacts[0], contacts[0], contacts[1]], cancellationToken);
        var settled = (await Rows(plan.CampaignId, cancellationToken)).First(row => row.ContactId == contacts[0]);
        await Execute(
            "UPDATE campaigns_contacts SET status = @status::campaign_contact_status_enum WHERE id = @id",
            new { status, id = settled.Id },
            cancellationToken
        );

        var claimed = await Claim(plan.CampaignId, contacts, _owner, Live, cancellationToken);

        Assert.That(claimed.Select(row => row.ContactId), Is.EqualTo(contacts.Skip(1)));
    }

    [Test, CancelAfter(10_000)]
    public async Task Other_campaigns_and_contacts_are_left_alone(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var other = await Insert(plan.ContactIds, cancellationToken);

        await Claim(plan.CampaignId, plan.ContactIds.Take(1), _owner, Live, cancellationToken);

        Assert.That((await Rows(other.CampaignId, cancellationToken)).Select(row => row.ClaimId), Is.All.Null);
        Assert.That((await Rows(plan.CampaignId, cancellationToken)).Count(row => row.ClaimId is null), Is.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task All_rows_of_a_contact_are_claimed_or_none(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(2);
        var plan = await Insert([.. contacts, .. contacts, .. contacts], cancellationToken);
        var held = (await Rows(plan.CampaignId, cancellationToken)).First(row => row.ContactId == contacts[0]);
        await Execute(
            """
            UPDATE campaigns_contacts SET claim_id = @claimId, claim_expires_at = clock_timestamp() + interval '1 hour'
            WHERE id = @id
            """,
            new { claimId = _other, id = held.Id },
            cancellationToken
        );

        var claimed = await Claim(plan.CampaignId, contacts, _owner, Live, cancellationToken);

        Assert.That(claimed.Select(row => row.ContactId), Is.EqualTo(Enumerable.Repeat(contacts[1], 3)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Two_that_claim_at_once_never_get_the_same_contact(CancellationToken cancellationToken)
    {
        const int rounds = 50;
        var contacts = CampaignPlan.NewContacts(64);
        for (var round = 0; round < rounds; round++)
        {
            var plan = await Insert([.. contacts, .. contacts.Take(8)], cancellationToken);
            var both = await Task.WhenAll(
                Task.Run(
                    () => Insist(() => Claim(plan.CampaignId, contacts, _owner, Live, cancellationToken)),
                    cancellationToken
                ),
                Task.Run(
                    () => Insist(() => Claim(plan.CampaignId, contacts.Reverse(), _other, Live, cancellationToken)),
                    cancellationToken
                )
            );

            var ours = both[0].Select(row => row.ContactId).ToHashSet();
            var theirs = both[1].Select(row => row.ContactId).ToHashSet();
            Assert.That(ours.Intersect(theirs), Is.Empty, $"claimed twice in round {round}");
            Assert.That(ours.Concat(theirs), Is.EquivalentTo(contacts), $"claimed at all in round {round}");
            Assert.That(both[0].Count + both[1].Count, Is.EqualTo(plan.ContactIds.Count), $"rows in round {round}");
        }
    }

    // PostgreSQL ends one of two that wait for each other, with an exception.
    [Test, CancelAfter(60_000)]
    public async Task An_owner_at_work_and_another_that_claims_never_wait_for_each_other_in_a_circle(
        CancellationToken cancellationToken
    )
    {
        const int rounds = 100;
        var plan = await Insert(contacts: 1_000, cancellationToken);
        var contacts = plan.ContactIds.ToArray();
        var claimed = await Claim(plan.CampaignId, contacts, _owner, Live, cancellationToken);

        await Task.WhenAll(
            Task.Run(
                async () =>
                {
                    for (var round = 0; round < rounds; round++)
                    {
                        await Insist(() => Claim(plan.CampaignId, contacts, _other, Live, cancellationToken));
                    }
                },
                cancellationToken
            ),
            Task.Run(
                async () =>
                {
                    foreach (var batch in claimed.Reverse().Chunk(contacts.Length / rounds))
                    {
                        await Insist(() => Claims.Renew(plan.CampaignId, contacts, _owner, Live, cancellationToken));
                        var open = batch.ToList();
                        while (open.Count > 0)
                        {
                            // But for what the other one has locked just now.
                            var written = await Record(_owner, open.Select(Sent), cancellationToken);
                            open.RemoveAll(row => written.Contains(row.RowId));
                        }
                    }
                },
                cancellationToken
            )
        );

        Assert.That((await Campaigns.Count(plan.CampaignId, cancellationToken)).Sent, Is.EqualTo(contacts.Length));
    }

    /// <summary>Comes again like the service where a busy machine made it wait longer for a lock than it does: that is no circle.</summary>
    private static async Task<T> Insist<T>(Func<Task<T>> statement)
    {
        while (true)
        {
            try
            {
                return await statement();
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                // It gave way.
            }
        }
    }
}
