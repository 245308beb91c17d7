namespace CampaignSender.Host.Database;

internal static class DatabaseSql
{
    /// <summary>Whether the database answers at all.</summary>
    public const string Answer = "SELECT 1";

    /// <summary>Whether it is evo-flow's: the migrations would make its tables where they are missing.</summary>
    public const string HasCampaigns = "SELECT to_regclass('campaigns') IS NOT NULL";
}
