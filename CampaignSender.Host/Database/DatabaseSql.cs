namespace CampaignSender.Host.Database;

internal static class DatabaseSql
{
    /// <summary>Whether the database answers, and takes writes: a standby does not.</summary>
    public const string IsWritable = "SELECT current_setting('transaction_read_only') = 'off'";

    public const string IsStandby = "SELECT pg_is_in_recovery()";

    /// <summary>Whether a commit is on the disk when it is answered. Of the role, the database or the server.</summary>
    public const string KeepsCommits = "SELECT current_setting('synchronous_commit') <> 'off'";

    /// <summary>Whether it is evo-flow's: the migrations would make its tables where they are missing.</summary>
    public const string HasCampaigns = "SELECT to_regclass('campaigns') IS NOT NULL";
}
