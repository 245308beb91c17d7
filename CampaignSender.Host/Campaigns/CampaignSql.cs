namespace CampaignSender.Host.Campaigns;

internal static class CampaignSql
{
    /// <summary>A <see cref="CampaignStatus"/>: a row that is deleted has its own.</summary>
    public const string Status = "CASE WHEN deleted_at IS NULL THEN status ELSE 100 END";

    /// <summary>One row, without an id where there is no such campaign. Parameters: id.</summary>
    public const string Find = $"""
        SELECT pg_is_in_recovery() AS "IsOfStandby",
               campaigns.id AS "Id",
               {Status} AS "Status",
               inbox_id AS "InboxId"
        FROM (VALUES (@id)) AS wanted (id)
        LEFT JOIN campaigns ON campaigns.id = wanted.id
        """;
}
