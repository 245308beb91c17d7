using CampaignSender.Host.Database;

namespace CampaignSender.Host.Recording;

internal static class RecordingSql
{
    /// <summary>
    /// Writes a batch of verdicts, each only where the row is still pending and still held by its claim, and returns the
    /// rows written. The rows are locked first, in the order in which claims lock them: two statements never wait for each
    /// other in a circle. They are looked up one by one, whatever PostgreSQL believes of the table, see
    /// <c>ClaimSql</c>. A contact that is gone could not be asked for a message that it may have got: that doubt stays, for
    /// whoever has it sent again. <c>sent_at</c> is evo-flow's: without time zone, in UTC.
    /// Parameters, parallel arrays: rowIds, contactIds, claimIds, statuses, codes, reasons, messageIds.
    /// </summary>
    public const string Record = $"""
        WITH held AS MATERIALIZED (
            SELECT mine.id
            FROM (
                SELECT row_id, claim_id
                FROM {RepeatedPacking.GivingWay},
                     unnest(@rowIds, @contactIds, @claimIds) AS wanted (row_id, contact_id, claim_id)
                ORDER BY contact_id, row_id
            ) AS wanted
            CROSS JOIN LATERAL (
                SELECT id
                FROM campaigns_contacts
                WHERE id = wanted.row_id AND status = 'PENDING' AND claim_id = wanted.claim_id
                FOR NO KEY UPDATE
            ) AS mine
        )
        UPDATE campaigns_contacts AS contact
        SET status = outcome.status::campaign_contact_status_enum,
            sent_at = CASE WHEN outcome.status = 'SENT' THEN clock_timestamp() AT TIME ZONE 'UTC' END,
            failure_code = outcome.code,
            failure_reason = outcome.reason,
            crm_message_id = outcome.message_id,
            settled_at = clock_timestamp(),
            claim_id = NULL,
            claim_expires_at = NULL,
            uncertain_since = CASE WHEN outcome.code = 'contact_not_found' THEN contact.uncertain_since END
        FROM held
        JOIN unnest(@rowIds, @statuses, @codes, @reasons, @messageIds)
            AS outcome (row_id, status, code, reason, message_id) ON outcome.row_id = held.id
        WHERE contact.id = held.id
        RETURNING contact.id
        """;
}
