namespace CampaignSender.Host.Campaigns;

internal static class CampaignSql
{
    /// <summary>A <see cref="CampaignStatus"/>: a row that is deleted has its own.</summary>
    public const string Status = "CASE WHEN deleted_at IS NULL THEN status ELSE 100 END";

    /// <summary>Parameters: id.</summary>
    public const string Find = $"""
        SELECT id AS "Id",
               {Status} AS "Status",
               inbox_id AS "InboxId"
        FROM campaigns
        WHERE id = @id
        """;
}
