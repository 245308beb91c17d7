namespace CampaignSender.Host.Pacing;

/// <summary>
/// A token bucket in one row: <c>next_at</c> is the time, by the database's clock, from which the next message may go. It
/// moves on with each grant, and lies behind the present by what a resting inbox has saved up.
/// </summary>
internal static class InboxLimitSql
{
    private const string Rate = "coalesce(inbox.refill_rate, @refillRate)";

    /// <summary>
    /// No grant leads as far as that, one at the rate of before a limit was lowered included: the database's clock was set back,
    /// and the inbox would stand still until it has caught up.
    /// </summary>
    private const string NextAt = """
        (
            CASE
                WHEN inbox.next_at > clock_timestamp() + interval '10 minutes' THEN clock_timestamp()
                ELSE inbox.next_at
            END
        )
        """;

    /// <summary>
    /// Beyond that nothing is granted ahead: a raised limit, and what a pause leaves unused, are felt after that time at the
    /// latest.
    /// </summary>
    private const string IsGranted = $"(inbox.next_at IS NULL OR {NextAt} < clock_timestamp() + @farthest)";

    /// <summary>
    /// Grants a number of messages, or none; no row where the inbox has no limit any more. An inbox that was never seen
    /// has saved up all that it can. Parameters: inboxId, count, capacity, refillRate, first, farthest.
    /// </summary>
    public const string Take = $"""
        INSERT INTO campaign_sender_inboxes AS inbox (inbox_id, granted, next_at)
        VALUES (@inboxId, @count, clock_timestamp() + @first)
        ON CONFLICT (inbox_id) DO UPDATE
        SET granted = CASE WHEN {IsGranted} THEN @count ELSE 0 END,
            next_at = CASE
                WHEN {IsGranted} THEN
                    greatest(
                        {NextAt},
                        clock_timestamp() - (coalesce(inbox.capacity, @capacity) - 1) * interval '1 second' / {Rate}
                    ) + @count * interval '1 second' / {Rate}
                ELSE inbox.next_at
            END
        WHERE {Rate} > 0
        RETURNING granted AS "Granted",
                  extract(epoch FROM next_at - clock_timestamp())::float8 AS "EndsInSeconds",
                  coalesce(capacity, @capacity) AS "Capacity",
                  coalesce(refill_rate, @refillRate) AS "RefillRate"
        """;

    /// <summary>No row where the inbox has no limit of its own. Parameters: inboxId, capacity, refillRate.</summary>
    public const string Read = """
        SELECT coalesce(capacity, @capacity) AS "Capacity", coalesce(refill_rate, @refillRate) AS "RefillRate"
        FROM campaign_sender_inboxes
        WHERE inbox_id = @inboxId
        """;

    /// <summary>
    /// Sets an inbox's own limit; null leaves it to the settings. What was granted too far ahead at the old rate is
    /// forgotten. Parameters: inboxId, capacity, refillRate.
    /// </summary>
    public const string Set = """
        INSERT INTO campaign_sender_inboxes AS inbox (inbox_id, capacity, refill_rate)
        VALUES (@inboxId, @capacity, @refillRate)
        ON CONFLICT (inbox_id) DO UPDATE
        SET capacity = excluded.capacity, refill_rate = excluded.refill_rate,
            next_at = least(inbox.next_at, clock_timestamp())
        """;
}
