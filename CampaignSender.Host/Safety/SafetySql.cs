namespace CampaignSender.Host.Safety;

internal static class SafetySql
{
    private const string Stops = """
        (SELECT count(*)::int FROM campaign_sender_safety_stops WHERE campaign_id = @campaignId)
        """;

    private const string LimitsThatHold = """
        FROM campaign_sender_safety_limits
        WHERE campaign_id IN (@campaignId, @allCampaigns)
        ORDER BY campaign_id = @allCampaigns
        LIMIT 1
        """;

    /// <summary>
    /// Tells what this replica has seen and returns what the others have, if not too long ago. A replica that does not know
    /// of the last stop yet is answered, but what it tells counts for nobody. The campaign's rows of processes that are gone go.
    /// Parameters: campaignId, replicaId, outcomes, failures, stops (null: not known), memory, allCampaigns.
    /// </summary>
    public const string Exchange = $"""
        WITH gone AS (
            DELETE FROM campaign_sender_safety_windows
            WHERE campaign_id = @campaignId AND replica_id <> @replicaId AND seen_at < clock_timestamp() - interval '1 hour'
        ), told AS (
            INSERT INTO campaign_sender_safety_windows (campaign_id, replica_id, outcomes, failures, stops, seen_at)
            SELECT @campaignId, @replicaId, @outcomes, @failures, coalesce(@stops, {Stops}), clock_timestamp()
            ON CONFLICT (campaign_id, replica_id) DO UPDATE
            SET outcomes = excluded.outcomes, failures = excluded.failures, stops = excluded.stops,
                seen_at = excluded.seen_at
        )
        SELECT coalesce(others.outcomes, 0)::int AS "Outcomes",
               coalesce(others.failures, 0)::int AS "Failures",
               {Stops} AS "Stops",
               clock_timestamp() - (
                   SELECT max(stopped_at) FROM campaign_sender_safety_stops WHERE campaign_id = @campaignId
               ) AS "StoppedAgo",
               limits.window_size AS "Window",
               limits.min_failures AS "MinFailures",
               limits.share_percent AS "SharePercent"
        FROM (
            SELECT sum(outcomes) AS outcomes, sum(failures) AS failures
            FROM campaign_sender_safety_windows
            WHERE campaign_id = @campaignId AND replica_id <> @replicaId
              AND stops = {Stops} AND seen_at > clock_timestamp() - @memory
        ) AS others
        LEFT JOIN LATERAL (
            SELECT window_size, min_failures, share_percent
            {LimitsThatHold}
        ) AS limits ON true
        """;

    /// <summary>
    /// Pauses the campaign and says why; returns 1 where it was sending and nobody has paused it since the stop that we know
    /// of. Parameters: campaignId, stops, outcomes, failures, reason.
    /// </summary>
    public const string Stop = $"""
        WITH stopped AS (
            UPDATE campaigns
            SET status = 3, updated_at = current_timestamp
            WHERE id = @campaignId AND status IN (2, 6) AND deleted_at IS NULL AND {Stops} = @stops
            RETURNING id
        )
        INSERT INTO campaign_sender_safety_stops (campaign_id, outcomes, failures, reason)
        SELECT id, @outcomes, @failures, @reason FROM stopped
        """;

    /// <summary>Parameters: campaignId.</summary>
    public const string LastStop = """
        SELECT stopped_at AS "StoppedAt", outcomes AS "Outcomes", failures AS "Failures", reason AS "Reason",
               ended_at AS "EndedAt"
        FROM campaign_sender_safety_stops
        WHERE campaign_id = @campaignId
        ORDER BY id DESC
        LIMIT 1
        """;

    /// <summary>
    /// Of campaigns that are paused still: an alert lasts as long as there is something to see to, and not for ever where an
    /// operator leaves it at that. One that is seen not to be paused has ended, and somebody else's next pause is none of ours;
    /// the count sees the rows as they were before that. Parameters: none.
    /// </summary>
    public const string CountRecentStops = """
        WITH ended AS (
            UPDATE campaign_sender_safety_stops
            SET ended_at = clock_timestamp()
            FROM campaigns
            WHERE campaigns.id = campaign_id AND ended_at IS NULL AND campaigns.status IS DISTINCT FROM 3
        )
        SELECT count(DISTINCT campaign_id)::int
        FROM campaign_sender_safety_stops
        JOIN campaigns ON campaigns.id = campaign_id
        WHERE stopped_at > current_timestamp - interval '1 day' AND ended_at IS NULL
          AND campaigns.status = 3 AND campaigns.deleted_at IS NULL
        """;

    /// <summary>Parameters: campaignId, allCampaigns.</summary>
    public const string ReadLimits = $"""
        SELECT window_size AS "Window", min_failures AS "MinFailures", share_percent AS "SharePercent"
        {LimitsThatHold}
        """;

    /// <summary>Parameters: campaignId, window, minFailures, sharePercent.</summary>
    public const string SetLimits = """
        INSERT INTO campaign_sender_safety_limits (campaign_id, window_size, min_failures, share_percent)
        VALUES (@campaignId, @window, @minFailures, @sharePercent)
        ON CONFLICT (campaign_id) DO UPDATE
        SET window_size = excluded.window_size, min_failures = excluded.min_failures,
            share_percent = excluded.share_percent
        """;

    /// <summary>Parameters: campaignId.</summary>
    public const string ClearLimits = """
        DELETE FROM campaign_sender_safety_limits WHERE campaign_id = @campaignId
        """;
}
