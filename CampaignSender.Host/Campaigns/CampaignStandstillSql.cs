using CampaignSender.Host.Database;

namespace CampaignSender.Host.Campaigns;

internal static class CampaignStandstillSql
{
    /// <summary>
    /// Campaigns that send and have contacts pending of which none was packed, claimed or settled for so long, and no page
    /// is parked. Where evo-flow spreads a campaign over hours, its next page may take that much longer. Not A/B tests:
    /// theirs wait for the winner. Parameters: patience.
    /// </summary>
    public const string Find = $"""
        SELECT campaigns.id AS "CampaignId", contacts.pending AS "Pending"
        FROM campaigns
        CROSS JOIN LATERAL (
            SELECT @patience + coalesce(spread_sending, 0) * interval '1 hour' AS patience
        ) AS expected
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE verdict = 'PENDING') AS pending,
                   max(packed_at) AS packed_at,
                   max(moved_at) AS moved_at
            FROM (
                SELECT {ContactVerdict.Expression} AS verdict,
                       max(created_at) AS packed_at,
                       max(greatest(settled_at, claim_expires_at)) AS moved_at
                FROM campaigns_contacts
                WHERE campaign_id = campaigns.id
                GROUP BY contact_id
            ) AS each
        ) AS contacts
        WHERE status = 2 AND deleted_at IS NULL
          AND updated_at < localtimestamp - expected.patience
          AND NOT EXISTS (SELECT FROM campaign_sender_parked_pages WHERE campaign_id = campaigns.id)
          AND contacts.pending > 0
          AND contacts.packed_at < localtimestamp - expected.patience
          AND coalesce(contacts.moved_at < clock_timestamp() - expected.patience, true)
        """;
}
