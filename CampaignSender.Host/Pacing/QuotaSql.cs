using CampaignSender.Host.Database;

namespace CampaignSender.Host.Pacing;

/// <summary>
/// Messages are counted in slots of a 48th of the window. A slot counts until all of it has left the window: never too few
/// are counted. It ends a little later than the present, because what is reserved now may be sent 3 s later. Windows are
/// reckoned in seconds: a day, of an interval, has 23 hours where clocks go forward.
/// </summary>
internal static class QuotaSql
{
    /// <summary>Parameters: inboxId.</summary>
    public const string Read = """
        SELECT quota.messages AS "Messages", quota.time_window AS "Window",
               coalesce(sum(slot.used), 0)::int AS "Used",
               min(slot.ends_at) FILTER (WHERE slot.used > 0) + quota.time_window - clock_timestamp() AS "FreesIn"
        FROM (
            SELECT inbox_id, messages, make_interval(secs => extract(epoch FROM time_window)::float8) AS time_window
            FROM campaign_sender_quotas
            WHERE inbox_id = @inboxId
        ) AS quota
        LEFT JOIN campaign_sender_quota_slots AS slot
            ON slot.inbox_id = quota.inbox_id AND slot.ends_at > clock_timestamp() - quota.time_window
        GROUP BY quota.inbox_id, quota.messages, quota.time_window
        """;

    /// <summary>
    /// One replica after the other; what the one before has used is seen by the statement after this one. Parameters: inboxId.
    /// </summary>
    public const string Lock = $"""
        {WaitingTransaction.BriefLimit};
        SELECT FROM campaign_sender_quotas WHERE inbox_id = @inboxId FOR NO KEY UPDATE
        """;

    /// <summary>Parameters: inboxId, count, windowSeconds.</summary>
    public const string Add = """
        WITH gone AS (
            DELETE FROM campaign_sender_quota_slots
            WHERE inbox_id = @inboxId AND ends_at <= clock_timestamp() - make_interval(secs => @windowSeconds)
        )
        INSERT INTO campaign_sender_quota_slots AS slot (inbox_id, ends_at, used)
        VALUES (
            @inboxId,
            to_timestamp(
                (floor((extract(epoch FROM clock_timestamp()) + 5) / (@windowSeconds / 48)) + 1) * (@windowSeconds / 48)
            ),
            @count
        )
        ON CONFLICT (inbox_id, ends_at) DO UPDATE
        SET used = slot.used + excluded.used
        RETURNING ends_at
        """;

    /// <summary>Parameters: inboxId, slotEndsAt, count.</summary>
    public const string GiveBack = """
        UPDATE campaign_sender_quota_slots
        SET used = greatest(used - @count, 0)
        WHERE inbox_id = @inboxId AND ends_at = @slotEndsAt
        """;

    /// <summary>Parameters: inboxId, messages, window.</summary>
    public const string Set = """
        INSERT INTO campaign_sender_quotas (inbox_id, messages, time_window)
        VALUES (@inboxId, @messages, @window)
        ON CONFLICT (inbox_id) DO UPDATE
        SET messages = excluded.messages, time_window = excluded.time_window
        """;

    /// <summary>Parameters: inboxId.</summary>
    public const string Clear = "DELETE FROM campaign_sender_quotas WHERE inbox_id = @inboxId";
}
