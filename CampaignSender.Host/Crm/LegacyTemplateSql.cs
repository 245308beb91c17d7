namespace CampaignSender.Host.Crm;

internal static class LegacyTemplateSql
{
    /// <summary>With all that is asked of it.</summary>
    public const string TableExists = """
        SELECT count(*) = 6
        FROM pg_attribute
        WHERE attrelid = to_regclass('message_templates') AND NOT attisdropped
          AND attname IN ('id', 'name', 'content', 'language', 'category', 'variables')
        """;

    /// <summary>Parameters: id (text, since the type of the column differs between installations).</summary>
    public const string Find = """
        SELECT name AS "Name", content AS "Content", language AS "Language", category AS "Category",
               variables::text AS "Variables"
        FROM message_templates
        WHERE id::text = @id
        """;
}
