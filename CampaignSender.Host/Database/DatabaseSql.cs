namespace CampaignSender.Host.Database;

internal static class DatabaseSql
{
    /// <summary>Whether the database answers at all.</summary>
    public const string Answer = "SELECT 1";
}
