using CampaignSender.Host.Database;

namespace CampaignSender.Host.Campaigns;

internal static class CampaignContentsSql
{
    /// <summary>Parameters: id. The template is the one that the packer takes: variant A, else the first.</summary>
    public const string Find = $"""
        SELECT {CampaignSql.Status} AS "Status",
               inbox_id AS "InboxId",
               channel_type AS "ChannelName",
               (
                   SELECT message_template_id
                   FROM campaigns_templates
                   WHERE campaign_id = campaigns.id
                   ORDER BY variant <> 'A', created_at, id
                   LIMIT 1
               ) AS "TemplateId"
        FROM campaigns
        WHERE id = @id
        """;

    /// <summary>Parameters: inboxId.</summary>
    public const string UseInbox = "SELECT EXISTS (SELECT FROM campaigns WHERE inbox_id = @inboxId)";

    /// <summary>
    /// A contact that has a verdict through another row gets no message. In one pass, without a join of the table with
    /// itself: of a campaign that PostgreSQL has not met in its statistics it believes that it has no contacts, and would
    /// read all of them for each. Parameters: campaignId, after, count.
    /// </summary>
    public const string ReadPending = $"""
        SELECT contact_id
        FROM campaigns_contacts
        WHERE campaign_id = @campaignId AND contact_id > @after
        GROUP BY contact_id
        HAVING {ContactVerdict.Expression} = 'PENDING'
        ORDER BY contact_id
        LIMIT @count
        """;

    /// <summary>Parameters: campaignId.</summary>
    public const string Count = $"""
        SELECT count(*) FILTER (WHERE verdict = 'SENT') AS "Sent",
               count(*) FILTER (WHERE verdict = 'FAILED') AS "Failed",
               count(*) FILTER (WHERE verdict = 'SKIPPED') AS "Skipped",
               count(*) FILTER (WHERE verdict = 'PENDING') AS "Pending",
               count(*) FILTER (WHERE verdict <> 'PENDING' AND settled_at > clock_timestamp() - interval '1 minute')
                   AS "SettledInLastMinute",
               least(60, greatest(1, coalesce(
                   extract(epoch FROM clock_timestamp() - min(settled_at) FILTER (
                       WHERE verdict <> 'PENDING' AND settled_at > clock_timestamp() - interval '2 minutes'
                   )),
                   60
               )))::float8 AS "PaceSeconds"
        FROM (
            SELECT {ContactVerdict.Expression} AS verdict,
                   max(settled_at) AS settled_at
            FROM campaigns_contacts
            WHERE campaign_id = @campaignId
            GROUP BY contact_id
        ) AS contacts
        """;

    /// <summary>Parameters: campaignId.</summary>
    public const string CountFailures = $"""
        SELECT status::text AS "Status", failure_code AS "Code", count(DISTINCT contact_id) AS "Contacts"
        FROM {Failures}
        GROUP BY status, failure_code
        ORDER BY "Contacts" DESC, status, failure_code
        """;

    /// <summary>Parameters: campaignId, code.</summary>
    public const string ReadFailures = $"""
        SELECT DISTINCT ON (contact_id)
               contact_id AS "ContactId", status::text AS "Status", failure_code AS "Code",
               failure_reason AS "Reason", settled_at AS "SettledAt"
        FROM {Failures} AND (@code::text IS NULL OR failure_code = @code)
        ORDER BY contact_id, id
        """;

    /// <summary>A further row of a contact that has its verdict is nobody's failure, nor is one beside a row that was sent.</summary>
    private const string Failures = """
        campaigns_contacts AS failure
        WHERE campaign_id = @campaignId AND status IN ('FAILED', 'SKIPPED')
          AND failure_code IS DISTINCT FROM 'duplicate_row'
          AND NOT EXISTS (
              SELECT FROM campaigns_contacts AS sent
              WHERE sent.campaign_id = failure.campaign_id AND sent.contact_id = failure.contact_id AND sent.status = 'SENT'
          )
        """;
}
