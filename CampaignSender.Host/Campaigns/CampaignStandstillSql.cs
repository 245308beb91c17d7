using CampaignSender.Host.Database;

namespace CampaignSender.Host.Campaigns;

internal static class CampaignStandstillSql
{
    /// <summary>
    /// Of campaigns. Not A/B tests: the rest of them waits for the winner. Parameters: patience.
    /// </summary>
    private const string MayStand = """
        (campaigns.status = 2 AND campaigns.deleted_at IS NULL
         AND campaigns.updated_at < localtimestamp - @patience
         AND NOT EXISTS (SELECT FROM campaign_sender_parked_pages WHERE campaign_id = campaigns.id))
        """;

    /// <summary>
    /// The campaign whose look is due longest, with what the look before it found; no other replica gets it meanwhile. Looks
    /// at campaigns that do not send any more go. Parameters: patience, pause, idle (else only those that stood still).
    /// </summary>
    public const string TakeDue = $"""
        WITH gone AS (
            DELETE FROM campaign_sender_standstill_looks
            USING campaigns
            WHERE campaigns.id = campaign_id AND campaigns.status <> 2
        )
        INSERT INTO campaign_sender_standstill_looks AS looks (campaign_id, next_at)
        SELECT campaigns.id, clock_timestamp() + @pause
        FROM campaigns
        LEFT JOIN campaign_sender_standstill_looks AS last ON last.campaign_id = campaigns.id
        WHERE {MayStand}
          AND coalesce(last.next_at <= clock_timestamp(), true)
          AND (@idle OR last.pending > 0)
        ORDER BY last.next_at NULLS FIRST
        LIMIT 1
        ON CONFLICT (campaign_id) DO UPDATE SET next_at = excluded.next_at WHERE looks.next_at <= clock_timestamp()
        RETURNING campaign_id AS "CampaignId", pending AS "Pending"
        """;

    /// <summary>
    /// Counts the contacts that are pending where none was packed, claimed or settled for so long; where evo-flow spreads a
    /// campaign over hours, its next page may take that much longer. The next look takes no more than a hundredth of
    /// PostgreSQL's time. Parameters: campaignId, patience, pause.
    /// </summary>
    public const string Look = $"""
        UPDATE campaign_sender_standstill_looks AS looks
        SET pending = found.pending,
            next_at = clock_timestamp() + greatest(@pause, 100 * (clock_timestamp() - statement_timestamp()))
        FROM (
            SELECT CASE
                       WHEN packed_at < localtimestamp - expected.patience
                        AND coalesce(moved_at < clock_timestamp() - expected.patience, true)
                       THEN pending
                       ELSE 0
                   END AS pending
            FROM (
                SELECT count(*) FILTER (WHERE verdict = 'PENDING') AS pending,
                       max(packed_at) AS packed_at,
                       max(moved_at) AS moved_at
                FROM (
                    SELECT {ContactVerdict.Expression} AS verdict,
                           max(created_at) AS packed_at,
                           max(greatest(settled_at, claim_expires_at)) AS moved_at
                    FROM campaigns_contacts
                    WHERE campaign_id = @campaignId
                    GROUP BY contact_id
                ) AS each
            ) AS contacts
            CROSS JOIN (
                SELECT @patience + coalesce(spread_sending, 0) * interval '1 hour' AS patience
                FROM campaigns
                WHERE id = @campaignId
            ) AS expected
        ) AS found
        WHERE looks.campaign_id = @campaignId
        RETURNING looks.pending
        """;

    /// <summary>Parameters: campaignId, took, pause.</summary>
    public const string Postpone = """
        UPDATE campaign_sender_standstill_looks
        SET next_at = clock_timestamp() + greatest(@pause, 100 * @took)
        WHERE campaign_id = @campaignId
        """;

    /// <summary>Campaigns that the last look at them found standing, and that may stand still. Parameters: patience.</summary>
    public const string Count = $"""
        SELECT count(*)::int
        FROM campaign_sender_standstill_looks
        JOIN campaigns ON campaigns.id = campaign_id
        WHERE pending > 0 AND {MayStand}
        """;
}
