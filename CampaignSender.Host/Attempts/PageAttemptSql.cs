namespace CampaignSender.Host.Attempts;

internal static class PageAttemptSql
{
    /// <summary>
    /// Counts the attempts at a page that have not come to any end. One after which fewer contacts are pending has got
    /// somewhere: the count starts anew. Parameters: campaignId, page, bodyHash, pending, share.
    /// </summary>
    public const string Begin = """
        INSERT INTO campaign_sender_page_attempts AS attempt (campaign_id, page, body_hash, attempts, blame, pending)
        VALUES (@campaignId, @page, @bodyHash, 1, @share, @pending)
        ON CONFLICT (campaign_id, page, body_hash) DO UPDATE
        SET attempts = CASE WHEN excluded.pending < attempt.pending THEN 1 ELSE attempt.attempts + 1 END,
            blame = CASE WHEN excluded.pending < attempt.pending THEN @share ELSE attempt.blame + @share END,
            pending = excluded.pending,
            begun_at = clock_timestamp()
        RETURNING attempts AS "Number", blame - @share AS "Blame"
        """;

    /// <summary>Parameters: campaignId, page, bodyHash.</summary>
    public const string End = """
        DELETE FROM campaign_sender_page_attempts
        WHERE campaign_id = @campaignId AND page = @page AND body_hash = @bodyHash
        """;
}
