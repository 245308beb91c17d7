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
    private const string Wanted = """
        (
            SELECT DISTINCT @campaignId AS campaign_id, contact_id
            FROM unnest(@contactIds) AS contact_id
            ORDER BY contact_id
        ) AS wanted
        """;

    /// <summary>The rows that are still ours, locked.</summary>
    private const string Held = $"""
        held AS MATERIALIZED (
            SELECT mine.id
            FROM {Wanted}
            CROSS JOIN LATERAL (
                SELECT id
                FROM campaigns_contacts
                WHERE campaign_id = wanted.campaign_id AND contact_id = wanted.contact_id
                  AND status = 'PENDING' AND claim_id = @claimId
                ORDER BY id
                FOR NO KEY UPDATE
            ) AS mine
        )
        """;

    /// <summary>
    /// Where the contacts of a page stand. Rows of one contact in one campaign are one contact, and it has the verdict of
    /// any of its rows: a contact that was sent once must not be sent again because of a second row. That a row is a
    /// duplicate is no verdict: where the row that had it was set back to PENDING, the contact is pending.
    /// Parameters: campaignId, contactIds.
    /// </summary>
    public const string Survey = $"""
        SELECT count(*) FILTER (WHERE verdict = 'SENT')::int AS "Sent",
               count(*) FILTER (WHERE verdict = 'FAILED')::int AS "Failed",
               count(*) FILTER (WHERE verdict = 'SKIPPED')::int AS "Skipped",
               coalesce(sum(pending) FILTER (WHERE verdict <> 'PENDING'), 0)::int AS "LeftoverRows",
               min(held_until) FILTER (WHERE verdict = 'PENDING') - clock_timestamp() AS "HeldFor",
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
    /// is uncertain.
    /// Parameters: campaignId, contactIds, claimId, timeToLive, settleTime.
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
            SELECT contact_id, bool_or(claim_id IS NOT NULL) AS expired
            FROM locked
            GROUP BY contact_id
            HAVING bool_and(
                status = 'PENDING' AND (claim_id IS NULL OR claim_expires_at + @settleTime <= clock_timestamp())
            )
        )
        UPDATE campaigns_contacts AS contact
        SET claim_id = @claimId,
            claim_expires_at = clock_timestamp() + @timeToLive,
            claim_attempts = contact.claim_attempts + 1,
            uncertain_since = CASE
                WHEN claimable.expired THEN coalesce(contact.uncertain_since, clock_timestamp())
            END
        FROM locked JOIN claimable USING (contact_id)
        WHERE contact.id = locked.id
        RETURNING contact.id AS "RowId", contact.contact_id AS "ContactId",
                  contact.claim_attempts AS "Attempts",
                  clock_timestamp() - contact.uncertain_since AS "UncertainFor"
        """;

    /// <summary>Parameters: campaignId, contactIds, claimId, timeToLive.</summary>
    public const string Renew = $"""
        WITH {Held}
        UPDATE campaigns_contacts AS contact
        SET claim_expires_at = clock_timestamp() + @timeToLive
        FROM held
        WHERE contact.id = held.id
        RETURNING contact.contact_id
        """;

    /// <summary>Gives contacts back that were provably not posted. Parameters: campaignId, contactIds, claimId.</summary>
    public const string Release = $"""
        WITH {Held}
        UPDATE campaigns_contacts AS contact
        SET claim_id = NULL, claim_expires_at = NULL, uncertain_since = NULL
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
}
