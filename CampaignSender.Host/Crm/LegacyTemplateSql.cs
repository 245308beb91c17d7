namespace CampaignSender.Host.Crm;

internal static class LegacyTemplateSql
{
    public const string TableExists = "SELECT to_regclass('message_templates') IS NOT NULL";

    /// <summary>Parameters: id (text, since the type of the column differs between installations).</summary>
    public const string Find = """
        SELECT name AS "Name", content AS "Content", language AS "Language", category AS "Category",
               variables::text AS "Variables"
        FROM message_templates
        WHERE id::text = @id
        """;
}
