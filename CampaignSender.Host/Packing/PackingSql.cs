using CampaignSender.Host.Database;

namespace CampaignSender.Host.Packing;

internal static class PackingSql
{
    /// <summary>
    /// Waits for whoever packs the campaign too, and for nobody else: it may be paused and reported meanwhile. Parameters:
    /// campaignId.
    /// </summary>
    public const string TakeTurn =
        "SELECT pg_advisory_xact_lock(hashtextextended('campaign_sender_packing:' || @campaignId::text, 0))";

    /// <summary>
    /// The campaign, and the highest number that a page of it has.
    /// Statuses as evo-flow has them: sending, paused, completed and A/B may be packed. How many pages the packer has made
    /// evo-flow learns from the report of the last one.
    /// Parameters: campaignId.
    /// </summary>
    public const string Read = """
        SELECT deleted_at IS NULL AND status IN (2, 3, 5, 6) AS "IsAllowed",
               status = 5 AS "IsCompleted",
               total_pages IS NOT NULL AS "IsCounted",
               greatest(
                   total_pages,
                   (SELECT max(page) FROM campaign_tracked_pages WHERE campaign_id = campaigns.id),
                   (SELECT max(page) FROM campaign_sender_parked_pages WHERE campaign_id = campaigns.id),
                   0
               ) AS "LastPage"
        FROM campaigns
        WHERE id = @campaignId
        """;

    /// <summary>The same, as it stays until the pages are parked. Parameters: campaignId.</summary>
    public const string Lock = $"{Read} FOR NO KEY UPDATE";

    /// <summary>
    /// The correlation ids that its contacts were claimed under last: as they are now, and before their rows were deleted and
    /// inserted anew. What belongs to the same packing has it in common: should evo-flow pack the campaign a second time, the
    /// verdicts of operators' pages count too. The one of now may come of a page of the sending before, where rows of that
    /// have not been given back. Who was removed, and is not back, belongs to no packing. Parameters: campaignId.
    /// </summary>
    public const string LastPacking = """
        SELECT (
                   SELECT claim_correlation_id
                   FROM campaigns_contacts
                   WHERE campaign_id = @campaignId AND claim_correlation_id IS NOT NULL
                   ORDER BY coalesce(settled_at, claim_expires_at) DESC NULLS LAST
                   LIMIT 1
               ) AS "Now",
               (
                   SELECT correlation_id
                   FROM campaign_sender_former_contacts AS former
                   WHERE campaign_id = @campaignId
                     -- With LIMIT, or PostgreSQL might read the whole campaign for each.
                     AND (
                         SELECT true
                         FROM campaigns_contacts AS anew
                         WHERE anew.campaign_id = former.campaign_id AND anew.contact_id = former.contact_id
                         LIMIT 1
                     )
                   ORDER BY deleted_at DESC, coalesce(settled_at, claim_expires_at) DESC NULLS LAST
                   LIMIT 1
               ) AS "Before"
        """;

    /// <summary>A contact that has a verdict through another row is not pending. Parameters: campaignId.</summary>
    public const string Pending = $"""
        SELECT contact_id
        FROM campaigns_contacts
        WHERE campaign_id = @campaignId
        GROUP BY contact_id
        HAVING {ContactVerdict.Expression} = 'PENDING'
        ORDER BY contact_id
        """;

    /// <summary>
    /// As if the claims of those who have none had been found expired: the CRM is asked before anything is posted. Not of those
    /// who get back what they had become: a row that is claimed could not be given it, and it tells under which key to ask.
    /// Parameters: campaignId, correlationId.
    /// </summary>
    public const string Doubt = """
        UPDATE campaigns_contacts AS contact
        SET claim_id = gen_random_uuid(), claim_expires_at = clock_timestamp() - interval '1 day'
        WHERE campaign_id = @campaignId AND status = 'PENDING' AND claim_id IS NULL
          AND NOT EXISTS (
              SELECT FROM campaign_sender_former_contacts AS former
              WHERE former.campaign_id = contact.campaign_id AND former.correlation_id = @correlationId
                AND former.contact_id = contact.contact_id
          )
        """;

    /// <summary>
    /// The rows of contacts that failed for such a reason: the failed ones, and those that only followed their verdict. In
    /// one pass, see the pending contacts of a campaign. Parameters: campaignId, codes (empty: all that are recorded),
    /// unrecorded.
    /// </summary>
    private const string Retriable = """
        (
            SELECT id, status, contact_id,
                   coalesce(failure_code, '') IN ('', 'outcome_unknown') OR uncertain_since IS NOT NULL AS may_be_posted
            FROM (
                SELECT *,
                       bool_or(status = 'SENT') OVER same_contact AS is_sent,
                       bool_or(
                           status = 'FAILED' AND CASE
                               WHEN failure_code IS NULL THEN @unrecorded = ANY(@codes)
                               ELSE cardinality(@codes) = 0 OR failure_code = ANY(@codes)
                           END
                       ) OVER same_contact AS is_chosen
                FROM campaigns_contacts
                WHERE campaign_id = @campaignId
                WINDOW same_contact AS (PARTITION BY contact_id)
            ) AS contacts
            WHERE is_chosen AND NOT is_sent
              AND (status = 'FAILED' OR (status = 'SKIPPED' AND failure_code = 'duplicate_row'))
        ) AS retriable
        """;

    /// <summary>Parameters: those of the above.</summary>
    public const string CountFailed = $"SELECT count(DISTINCT contact_id) FROM {Retriable}";

    /// <summary>
    /// Of a contact whose message may have been posted all the same, the claim is left to be found expired: the CRM is asked
    /// before anything is posted again, by the row that was tried: it stays ahead of the contact's others. Parameters: those of
    /// the above.
    /// </summary>
    public const string RetryFailed = $"""
        UPDATE campaigns_contacts AS contact
        SET status = 'PENDING',
            sent_at = NULL,
            settled_at = NULL,
            failure_code = NULL,
            failure_reason = NULL,
            crm_message_id = NULL,
            uncertain_since = NULL,
            claim_attempts = CASE contact.status WHEN 'FAILED' THEN 1 ELSE 0 END,
            claim_id = CASE WHEN may_be_posted THEN gen_random_uuid() END,
            claim_expires_at = CASE WHEN may_be_posted THEN clock_timestamp() - interval '1 day' END
        FROM {Retriable}
        WHERE contact.id = retriable.id AND contact.status = retriable.status
        RETURNING contact.contact_id
        """;

    /// <summary>Parameters: campaignId, correlationId, reason, delay, and those of the page.</summary>
    public const string Park = """
        INSERT INTO campaign_sender_parked_pages
            (campaign_id, page, correlation_id, reason, body, body_hash, headers, redrive_at)
        VALUES (@campaignId, @page, @correlationId, @reason, @body, @bodyHash, @headers::jsonb,
                clock_timestamp() + @delay)
        """;

    /// <summary>
    /// What waits for an operator goes out with the new pages. Parameters: campaignId, reason, delay.
    /// </summary>
    public const string LetGo = """
        UPDATE campaign_sender_parked_pages
        SET reason = @reason, redrive_at = greatest(redrive_at, clock_timestamp() + @delay)
        WHERE campaign_id = @campaignId AND reason = 'campaign_completed'
        """;

    /// <summary>Parameters: campaignId, totalPages.</summary>
    public const string Continue = """
        UPDATE campaigns
        SET total_pages = @totalPages,
            status = CASE status WHEN 5 THEN 2 ELSE status END,
            updated_at = current_timestamp
        WHERE id = @campaignId
        """;
}
