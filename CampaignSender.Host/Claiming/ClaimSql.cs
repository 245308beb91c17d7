using CampaignSender.Host.Database;

namespace CampaignSender.Host.Claiming;

/// <summary>
/// All times are the database's: replicas' clocks may differ. Statements that write lock their rows first, in the order
/// of contact and row that is the same for everybody: two of them may wait for each other, but never in a circle.
/// </summary>
internal static class ClaimSql
{
    /// <summary>
    /// The contacts in the order in which everybody locks them. Their rows are joined LATERAL, one contact at a time:
    /// otherwise PostgreSQL reads the whole campaign for each statement while it has no statistics of a table that was
    /// just filled. Their campaign comes with them: of a campaign that it sees as a constant and has not met in its
    /// statistics PostgreSQL believes that it has no contacts, and reads all of them for each.
    /// </summary>
    private const string Wanted = $"""
        (
            SELECT DISTINCT @campaignId AS campaign_id, contact_id
            FROM {RepeatedPacking.GivingWay}, unnest(@contactIds) AS contact_id
            ORDER BY contact_id
        ) AS wanted
        """;

    /// <summary>Rows of contacts of this packing were deleted: what they said may have to be given back.</summary>
    private const string HasFormer = """
        EXISTS (
            SELECT FROM campaign_sender_former_contacts
            WHERE campaign_id = @campaignId AND correlation_id = @correlationId
        )
        """;

    /// <summary>The rows of a contact that are still ours; in order, or PostgreSQL makes a join of it and no look-up.</summary>
    private const string Ours = """
        SELECT id
        FROM campaigns_contacts
        WHERE campaign_id = wanted.campaign_id AND contact_id = wanted.contact_id
          AND status = 'PENDING' AND claim_id = @claimId
        ORDER BY id
        """;

    private const string OfEachWanted = $"SELECT mine.id FROM {Wanted} CROSS JOIN LATERAL";

    /// <summary>All that are still ours, locked.</summary>
    private const string Held = $"held AS MATERIALIZED ({OfEachWanted} ({Ours} FOR NO KEY UPDATE) AS mine)";

    /// <summary>The same without those that somebody else has locked.</summary>
    private const string HeldAlone =
        $"held AS MATERIALIZED ({OfEachWanted} ({Ours} FOR NO KEY UPDATE SKIP LOCKED) AS mine)";

    private const string GiveBackHeld = """
        UPDATE campaigns_contacts AS contact
        SET claim_id = NULL,
            claim_expires_at = NULL,
            uncertain_since = NULL,
            claim_attempts = contact.claim_attempts - (contact.contact_id <> ALL(@failedIds))::integer
        FROM held
        WHERE contact.id = held.id
        """;

    /// <summary>
    /// Where the contacts of a page stand. Rows of one contact in one campaign are one contact, and it has the verdict of
    /// any of its rows: a contact that was sent once must not be sent again because of a second row. That a row is a
    /// duplicate is no verdict: where the row that had it was set back to PENDING, the contact is pending.
    /// Parameters: campaignId, correlationId, contactIds.
    /// </summary>
    public const string Survey = $"""
        SELECT count(*) FILTER (WHERE verdict = 'SENT')::int AS "Sent",
               count(*) FILTER (WHERE verdict = 'FAILED')::int AS "Failed",
               count(*) FILTER (WHERE verdict = 'SKIPPED')::int AS "Skipped",
               coalesce(sum(pending) FILTER (WHERE verdict <> 'PENDING'), 0)::int AS "LeftoverRows",
               min(held_until) FILTER (WHERE verdict = 'PENDING') - clock_timestamp() AS "HeldFor",
               (
                   count(*) FILTER (WHERE verdict IS NULL) > 0
                   AND EXISTS (
                       SELECT FROM campaign_sender_emptied_campaigns
                       WHERE campaign_id = @campaignId
                         AND (
                             {RepeatedPacking.IsRecent}
                             OR NOT EXISTS (SELECT FROM campaigns_contacts AS anybody WHERE campaign_id = @campaignId)
                         )
                   )
               ) AS "IsPackedAnew",
               EXISTS (
                   SELECT FROM campaign_sender_emptied_campaigns
                   WHERE campaign_id = @campaignId AND {RepeatedPacking.HoldsPagesBack}
               ) AS "HoldsPagesBack",
               {HasFormer} AS "HasFormer",
               pg_is_in_recovery() AS "IsOfStandby",
               coalesce(array_agg(contact_id) FILTER (WHERE verdict = 'PENDING'), array[]::uuid[]) AS "Pending"
        FROM {Wanted}
        CROSS JOIN LATERAL (
            SELECT {ContactVerdict.Expression} AS verdict,
                   count(*) FILTER (WHERE status = 'PENDING') AS pending,
                   max(claim_expires_at) AS held_until
            FROM campaigns_contacts
            WHERE campaign_id = wanted.campaign_id AND contact_id = wanted.contact_id
        ) AS contact
        """;

    /// <summary>
    /// Claims all rows of each contact that is pending and that nobody holds. All rows of a contact are locked first, so
    /// that two claims never see half of them each; those that are known as duplicates stay so. A claim that ran out is
    /// taken over when the CRM has had the time to carry out what its owner may have posted last; from then on the contact
    /// is uncertain; since now where nobody has asked about it for longer than such a doubt may last, in a pause or a night.
    /// A contact whose rows were deleted meanwhile, and inserted anew, is left to <see cref="Restore"/>.
    /// Parameters: campaignId, correlationId, contactIds, claimId, timeToLive, settleTime, unknownAfter.
    /// </summary>
    public const string Claim = $"""
        WITH locked AS MATERIALIZED (
            SELECT mine.*
            FROM {Wanted}
            CROSS JOIN LATERAL (
                SELECT id, contact_id, status, claim_id, claim_expires_at, failure_code
                FROM campaigns_contacts
                WHERE campaign_id = wanted.campaign_id AND contact_id = wanted.contact_id
                ORDER BY id
                FOR NO KEY UPDATE
            ) AS mine
            WHERE NOT {ContactVerdict.IsDuplicate}
        ), claimable AS (
            SELECT contact_id, bool_or(claim_id IS NOT NULL) AS expired,
                   max(claim_expires_at) < clock_timestamp() - greatest(@unknownAfter, interval '1 hour') AS is_old
            FROM locked
            GROUP BY contact_id
            HAVING bool_and(
                status = 'PENDING' AND (claim_id IS NULL OR claim_expires_at + @settleTime <= clock_timestamp())
            )
            AND (
                NOT {HasFormer}
                -- With LIMIT, or PostgreSQL might read all of them for each claim.
                OR (
                    SELECT true
                    FROM campaign_sender_former_contacts AS former
                    WHERE former.campaign_id = @campaignId AND former.correlation_id = @correlationId
                      AND former.contact_id = locked.contact_id
                    LIMIT 1
                ) IS NULL
            )
        )
        UPDATE campaigns_contacts AS contact
        SET claim_id = @claimId,
            claim_correlation_id = @correlationId,
            claim_expires_at = clock_timestamp() + @timeToLive,
            claim_attempts = contact.claim_attempts + 1,
            uncertain_since = CASE
                WHEN NOT claimable.expired THEN NULL
                WHEN claimable.is_old THEN clock_timestamp()
                ELSE coalesce(contact.uncertain_since, clock_timestamp())
            END
        FROM locked JOIN claimable USING (contact_id)
        WHERE contact.id = locked.id
        RETURNING contact.id AS "RowId", contact.contact_id AS "ContactId",
                  contact.claim_attempts AS "Attempts",
                  clock_timestamp() - contact.uncertain_since AS "UncertainFor"
        """;

    /// <summary>
    /// Renews what is still ours. A row that somebody else has locked keeps the time that it has: it must not cost the others
    /// their claims. Returns both. Parameters: campaignId, contactIds, claimId, timeToLive.
    /// </summary>
    public const string Renew = $"""
        WITH {HeldAlone}, renewed AS (
            UPDATE campaigns_contacts AS contact
            SET claim_expires_at = clock_timestamp() + @timeToLive
            FROM held
            WHERE contact.id = held.id
            RETURNING contact.contact_id
        )
        SELECT contact_id AS "ContactId", true AS "IsRenewed"
        FROM renewed
        UNION ALL
        SELECT contact_id, false
        FROM {Wanted}
        CROSS JOIN LATERAL ({Ours}) AS mine
        WHERE id NOT IN (SELECT id FROM held)
        """;

    /// <summary>
    /// Gives contacts back that were provably not posted. What counts as a try of theirs is what the CRM has failed.
    /// Parameters: campaignId, contactIds, claimId, failedIds.
    /// </summary>
    public const string Release = $"WITH {Held} {GiveBackHeld}";

    /// <summary>The same, of all but those that somebody else has locked.</summary>
    public const string ReleaseAlone = $"WITH {HeldAlone} {GiveBackHeld}";

    /// <summary>
    /// What claims of contacts in doubt leave behind when they run out: some are in doubt since now, for they may have been
    /// posted again after the CRM had said that they were not; for some it was no try.
    /// Parameters: campaignId, contactIds (of both), anewIds, untriedIds, claimId.
    /// </summary>
    public const string LeaveInDoubt = $"""
        WITH {Held}
        UPDATE campaigns_contacts AS contact
        SET uncertain_since = CASE
                WHEN contact.contact_id = ANY(@anewIds) THEN clock_timestamp()
                ELSE contact.uncertain_since
            END,
            claim_attempts = contact.claim_attempts - (contact.contact_id = ANY(@untriedIds))::integer
        FROM held
        WHERE contact.id = held.id
        """;

    /// <summary>
    /// Ends the pending rows of contacts that have a verdict through another row. Parameters: campaignId, contactIds.
    /// </summary>
    public const string SkipLeftovers = $"""
        WITH leftover AS MATERIALIZED (
            SELECT mine.id
            FROM {Wanted}
            CROSS JOIN LATERAL (
                SELECT id
                FROM campaigns_contacts AS pending
                WHERE campaign_id = wanted.campaign_id AND contact_id = wanted.contact_id AND status = 'PENDING'
                  AND EXISTS (
                      SELECT FROM campaigns_contacts AS settled
                      WHERE settled.campaign_id = pending.campaign_id AND settled.contact_id = pending.contact_id
                        AND status <> 'PENDING' AND NOT {ContactVerdict.IsDuplicate}
                  )
                ORDER BY id
                FOR NO KEY UPDATE OF pending
            ) AS mine
        )
        UPDATE campaigns_contacts AS contact
        SET status = 'SKIPPED', failure_code = 'duplicate_row', settled_at = clock_timestamp(),
            claim_id = NULL, claim_expires_at = NULL
        FROM leftover
        WHERE contact.id = leftover.id
        """;

    /// <summary>
    /// Forgets former rows that nobody asks for any more, a day after they were deleted: not while their campaign is sending or
    /// paused, for its pages may wait, nor, if it was not stopped, while the contact has a new row that
    /// is pending, which an operator may have sent; but for no longer than 30 days. Each replica takes others. Parameters: limit.
    /// </summary>
    public const string Forget = """
        DELETE FROM campaign_sender_former_contacts
        WHERE ctid = ANY (ARRAY(
            SELECT ctid
            FROM campaign_sender_former_contacts AS former
            WHERE deleted_at < clock_timestamp() - interval '24 hours'
              AND (
                  deleted_at < clock_timestamp() - interval '30 days'
                  OR NOT EXISTS (
                      SELECT FROM campaigns
                      WHERE campaigns.id = former.campaign_id AND campaigns.deleted_at IS NULL
                        AND (
                            status IN (2, 3, 6)
                            OR (
                                status <> 4
                                AND EXISTS (
                                    SELECT FROM campaigns_contacts AS anew
                                    WHERE anew.campaign_id = former.campaign_id
                                      AND anew.contact_id = former.contact_id
                                      AND anew.status = 'PENDING'
                                )
                            )
                        )
                  )
              )
            ORDER BY deleted_at
            LIMIT @limit
            FOR UPDATE SKIP LOCKED
        ))
        """;

    /// <summary>
    /// Gives contacts back what they had become before evo-flow deleted their rows and inserted them anew for the same
    /// packing: the gravest of a contact's former rows takes the place of a new one, with its id, which is the key of what
    /// may have been posted. Locked after the new one: whoever waited for that finds out here that it was given back
    /// meanwhile. Returns how many got theirs back.
    /// Parameters: campaignId, correlationId, contactIds.
    /// </summary>
    public const string Restore = $"""
        WITH kept AS MATERIALIZED (
            SELECT mine.id AS new_id, former.*
            FROM {Wanted}
            CROSS JOIN LATERAL (
                SELECT id
                FROM campaigns_contacts
                WHERE campaign_id = wanted.campaign_id AND contact_id = wanted.contact_id
                  AND status = 'PENDING' AND claim_id IS NULL
                ORDER BY id
                LIMIT 1
                FOR UPDATE
            ) AS mine
            CROSS JOIN LATERAL (
                SELECT *
                FROM campaign_sender_former_contacts
                WHERE campaign_id = wanted.campaign_id AND correlation_id = @correlationId
                  AND contact_id = wanted.contact_id
                ORDER BY array_position(ARRAY['SENT', 'FAILED', 'SKIPPED', 'PENDING'], status), claim_attempts DESC, id
                LIMIT 1
                FOR UPDATE
            ) AS former
        ), restored AS (
            UPDATE campaigns_contacts AS contact
            SET id = former.id,
                status = former.status::campaign_contact_status_enum,
                sent_at = former.sent_at,
                claim_id = former.claim_id,
                claim_correlation_id = former.correlation_id,
                claim_expires_at = former.claim_expires_at,
                claim_attempts = former.claim_attempts,
                failure_code = former.failure_code,
                failure_reason = former.failure_reason,
                crm_message_id = former.crm_message_id,
                settled_at = former.settled_at,
                uncertain_since = former.uncertain_since
            FROM kept AS former
            WHERE contact.id = former.new_id
            RETURNING contact.contact_id
        ), forgotten AS (
            DELETE FROM campaign_sender_former_contacts AS former
            USING restored
            WHERE former.campaign_id = @campaignId AND former.correlation_id = @correlationId
              AND former.contact_id = restored.contact_id
        )
        SELECT count(*)::int FROM restored
        """;
}
