namespace CampaignSender.Host.Database;

internal static class DatabaseSql
{
    /// <summary>Whether the database answers, and takes writes: a standby does not.</summary>
    public const string IsWritable = "SELECT current_setting('transaction_read_only') = 'off'";

    /// <summary>Whether it is evo-flow's: the migrations would make its tables where they are missing.</summary>
    public const string HasCampaigns = "SELECT to_regclass('campaigns') IS NOT NULL";
}
