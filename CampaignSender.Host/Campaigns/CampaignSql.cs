namespace CampaignSender.Host.Campaigns;

internal static class CampaignSql
{
    /// <summary>Parameters: id.</summary>
    public const string Find = """
        SELECT id AS "Id",
               CASE WHEN deleted_at IS NULL THEN status ELSE 100 END AS "Status",
               inbox_id AS "InboxId"
        FROM campaigns
        WHERE id = @id
        """;
}
