namespace CampaignSender.Host.Campaigns;

internal static class CampaignContentsSql
{
    /// <summary>Parameters: id. The template is the one that the packer takes: variant A, else the first.</summary>
    public const string Find = """
        SELECT CASE WHEN deleted_at IS NULL THEN status ELSE 100 END AS "Status",
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

    /// <summary>Parameters: campaignId.</summary>
    public const string CountPending = $"SELECT count(DISTINCT contact_id) FROM {Pending}";

    /// <summary>Parameters: campaignId, after, count.</summary>
    public const string ReadPending = $"""
        SELECT DISTINCT contact_id
        FROM {Pending} AND contact_id > @after
        ORDER BY contact_id
        LIMIT @count
        """;

    /// <summary>A contact that has a verdict through another row gets no message through this one.</summary>
    private const string Pending = """
        campaigns_contacts AS pending
        WHERE campaign_id = @campaignId AND status = 'PENDING'
          AND NOT EXISTS (
              SELECT FROM campaigns_contacts AS settled
              WHERE settled.campaign_id = pending.campaign_id AND settled.contact_id = pending.contact_id
                AND settled.status <> 'PENDING'
          )
        """;
}
