using CampaignSender.Host.Database;

namespace CampaignSender.Host.Recording;

internal static class RecordingSql
{
    /// <summary>
    /// Writes a batch of verdicts, each only where the row is still pending and still held by its claim, and returns the
    /// rows written with the claim that it was: a row whose claim ran out may be in a batch twice. That it was sent is true
    /// whoever holds it now, or if its claim was forgotten with the last commits of a failed server. The rows are locked first;
    /// those that somebody else has locked are left out, and returned as not written: one of them must not hold up the
    /// others. They are looked up one by one, whatever PostgreSQL believes of the table, see <c>ClaimSql</c>. A contact that is
    /// gone could not be asked for a message that it may have got: that doubt stays, for whoever has it sent again.
    /// <c>sent_at</c> is evo-flow's: without time zone, in UTC.
    /// Where a batch is repeated because nobody answered, those that have our verdict already count as written.
    /// Parameters, parallel arrays: rowIds, contactIds, claimIds, statuses, codes, reasons, messageIds; isRepeated.
    /// </summary>
    public const string Record = $"""
        WITH held AS MATERIALIZED (
            SELECT wanted.*
            FROM (
                SELECT wanted.*
                FROM {RepeatedPacking.GivingWay},
                     unnest(@rowIds, @contactIds, @claimIds, @statuses, @codes, @reasons, @messageIds)
                         AS wanted (row_id, contact_id, claim_id, status, code, reason, message_id)
                ORDER BY contact_id, row_id
            ) AS wanted
            CROSS JOIN LATERAL (
                SELECT
                FROM campaigns_contacts
                WHERE id = wanted.row_id AND status = 'PENDING'
                  AND (claim_id = wanted.claim_id OR wanted.status = 'SENT')
                FOR NO KEY UPDATE SKIP LOCKED
            ) AS mine
        ), recorded AS (
            UPDATE campaigns_contacts AS contact
            SET status = held.status::campaign_contact_status_enum,
                sent_at = CASE WHEN held.status = 'SENT' THEN clock_timestamp() AT TIME ZONE 'UTC' END,
                failure_code = held.code,
                failure_reason = held.reason,
                crm_message_id = held.message_id,
                settled_at = clock_timestamp(),
                claim_id = NULL,
                claim_expires_at = NULL,
                uncertain_since = CASE WHEN held.code = 'contact_not_found' THEN contact.uncertain_since END
            FROM held
            WHERE contact.id = held.row_id
            RETURNING contact.id, held.claim_id
        ), skipped AS MATERIALIZED (
            SELECT wanted.*
            FROM unnest(@rowIds, @claimIds, @statuses, @codes, @reasons, @messageIds)
                AS wanted (row_id, claim_id, status, code, reason, message_id)
            WHERE NOT EXISTS (
                SELECT FROM held WHERE held.row_id = wanted.row_id AND held.claim_id = wanted.claim_id
            )
        )
        SELECT id AS "RowId", claim_id AS "ClaimId", true AS "IsWritten"
        FROM recorded
        UNION ALL
        SELECT row_id, skipped.claim_id, false
        FROM skipped
        CROSS JOIN LATERAL (
            SELECT
            FROM campaigns_contacts
            WHERE id = skipped.row_id AND status = 'PENDING'
              AND (claim_id = skipped.claim_id OR skipped.status = 'SENT')
        ) AS ours
        UNION ALL
        SELECT row_id, skipped.claim_id, true
        FROM skipped
        CROSS JOIN LATERAL (
            SELECT
            FROM campaigns_contacts
            WHERE id = skipped.row_id
              AND status::text = skipped.status
              AND failure_code IS NOT DISTINCT FROM skipped.code
              AND failure_reason IS NOT DISTINCT FROM skipped.reason
              AND crm_message_id IS NOT DISTINCT FROM skipped.message_id
        ) AS written_before
        WHERE @isRepeated
        """;
}
