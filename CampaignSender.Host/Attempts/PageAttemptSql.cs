namespace CampaignSender.Host.Attempts;

internal static class PageAttemptSql
{
    /// <summary>
    /// Counts the attempts at a page that have not come to any end. One after which fewer contacts are pending has got
    /// somewhere: the count starts anew. One that began a short while ago may still be at work on another replica, and is
    /// no crash yet: a delivery beside it is not counted.
    /// Parameters: campaignId, page, bodyHash, pending, share, spacing.
    /// </summary>
    public const string Begin = """
        INSERT INTO campaign_sender_page_attempts AS attempt
            (campaign_id, page, body_hash, attempts, blame, pending, begun_at)
        VALUES (@campaignId, @page, @bodyHash, 1, @share, @pending, statement_timestamp())
        ON CONFLICT (campaign_id, page, body_hash) DO UPDATE
        SET (attempts, blame, pending, begun_at) = (
            SELECT CASE WHEN advanced THEN 1 WHEN beside THEN attempt.attempts ELSE attempt.attempts + 1 END,
                   CASE WHEN advanced THEN @share WHEN beside THEN attempt.blame ELSE attempt.blame + @share END,
                   excluded.pending,
                   CASE WHEN beside AND NOT advanced THEN attempt.begun_at ELSE statement_timestamp() END
            FROM (
                SELECT excluded.pending < attempt.pending AS advanced,
                       attempt.begun_at > statement_timestamp() - @spacing AS beside
            ) AS seen
        )
        RETURNING attempts AS "Number",
                  CASE WHEN begun_at = statement_timestamp() THEN blame - @share ELSE 0 END AS "Blame"
        """;

    /// <summary>Parameters: campaignId, page, bodyHash.</summary>
    public const string End = """
        DELETE FROM campaign_sender_page_attempts
        WHERE campaign_id = @campaignId AND page = @page AND body_hash = @bodyHash
        """;
}
