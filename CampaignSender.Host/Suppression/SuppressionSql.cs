namespace CampaignSender.Host.Suppression;

internal static class SuppressionSql
{
    /// <summary>Whether their time has passed is not asked: a list of a million such rows would be read to its end.</summary>
    public const string IsEmpty = "SELECT NOT EXISTS (SELECT FROM campaign_sender_suppressions)";

    /// <summary>The channel's own reason goes before that of every channel.</summary>
    public const string Find = """
        SELECT DISTINCT ON (contact_id) contact_id, reason
        FROM campaign_sender_suppressions
        WHERE contact_id = ANY (@contactIds) AND channel IN (@channel, '*')
          AND (expires_at IS NULL OR expires_at > now())
        ORDER BY contact_id, channel = '*'
        """;

    public const string Add = """
        INSERT INTO campaign_sender_suppressions (contact_id, channel, reason, expires_at)
        VALUES (@ContactId, @Channel, @Reason, @ExpiresAt)
        ON CONFLICT (contact_id, channel) DO UPDATE
        SET reason = excluded.reason, expires_at = excluded.expires_at
        """;

    public const string Remove = """
        DELETE FROM campaign_sender_suppressions
        WHERE contact_id = @contactId AND (@channel::text IS NULL OR channel = @channel)
        """;

    public const string Read = """
        SELECT contact_id AS "ContactId", channel, reason, expires_at AS "ExpiresAt", created_at AS "CreatedAt",
               coalesce(expires_at <= now(), false) AS "IsExpired"
        FROM campaign_sender_suppressions
        WHERE @contactId::uuid IS NULL OR contact_id = @contactId
        ORDER BY created_at DESC, contact_id, channel
        LIMIT @limit
        """;

    public const string CreateStage = """
        CREATE TEMPORARY TABLE campaign_sender_suppressions_import (
            line       bigint,
            contact_id uuid,
            channel    text,
            reason     text,
            expires_at timestamptz
        ) ON COMMIT DROP
        """;

    public const string Stage = """
        COPY campaign_sender_suppressions_import (line, contact_id, channel, reason, expires_at)
        FROM STDIN (FORMAT BINARY)
        """;

    public const string Compare = """
        SELECT coalesce(sum(lines), 0)::bigint AS lines,
               count(listed.contact_id) FILTER (WHERE until >= coalesce(listed.expires_at, 'infinity')) AS replaced,
               count(*) - count(listed.contact_id) AS added
        FROM (
            SELECT contact_id, channel, count(*) AS lines, max(coalesce(expires_at, 'infinity')) AS until
            FROM campaign_sender_suppressions_import
            GROUP BY contact_id, channel
        ) AS staged
        LEFT JOIN campaign_sender_suppressions AS listed USING (contact_id, channel)
        """;

    /// <summary>
    /// What holds for longer stays: a list for some weeks lifts nothing that is for ever. In one order, so that two imports
    /// wait for each other instead of locking each other out.
    /// </summary>
    public const string Merge = """
        INSERT INTO campaign_sender_suppressions (contact_id, channel, reason, expires_at)
        SELECT DISTINCT ON (contact_id, channel) contact_id, channel, reason, expires_at
        FROM campaign_sender_suppressions_import
        ORDER BY contact_id, channel, expires_at DESC NULLS FIRST, line DESC
        ON CONFLICT (contact_id, channel) DO UPDATE
        SET reason = excluded.reason, expires_at = excluded.expires_at
        WHERE coalesce(excluded.expires_at, 'infinity')
              >= coalesce(campaign_sender_suppressions.expires_at, 'infinity')
        """;
}
