namespace CampaignSender.Host.Campaigns;

internal static class CampaignOrderSql
{
    /// <summary>
    /// Locked as an update does, and no stronger: evo-flow's inserts of contacts hold the key until they are committed.
    /// Parameters: id, status, from (statuses that the order fits).
    /// </summary>
    public const string Order = $"""
        WITH found AS (
            SELECT id, {CampaignSql.Status} AS status
            FROM campaigns
            WHERE id = @id
            FOR NO KEY UPDATE
        ), ordered AS (
            UPDATE campaigns
            SET status = @status, updated_at = current_timestamp
            FROM found
            WHERE campaigns.id = found.id AND found.status = ANY(@from)
            RETURNING campaigns.status
        )
        SELECT found.status AS "Before", coalesce(ordered.status, found.status) AS "Now"
        FROM found
        LEFT JOIN ordered ON true
        """;
}
