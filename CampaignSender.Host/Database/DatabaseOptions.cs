using CampaignSender.Host.Configuration;
using Npgsql;

namespace CampaignSender.Host.Database;

internal sealed class DatabaseOptions : IOptionsSection
{
    public static string Section => "Database";

    /// <summary>
    /// A plan that PostgreSQL made for a small table and keeps reads the whole of it when it has grown large: a tenth of the
    /// throughput, until the table's statistics are renewed.
    /// </summary>
    private const string PlannedAnew = "-c plan_cache_mode=force_custom_plan";

    public string Host { get; set; } = "";

    public int Port { get; set; } = 5432;

    public string Username { get; set; } = "";

    public string? Password { get; set; }

    public string Database { get; set; } = "";

    public SslMode SslMode { get; set; } = SslMode.Prefer;

    /// <summary>The most connections that one replica opens.</summary>
    public int PoolSize { get; set; } = 10;

    /// <summary>Statements that each connection keeps prepared; 0 behind a pooler that gives each transaction another one.</summary>
    public int PreparedStatements { get; set; } = 20;

    /// <summary>The connection string, password included. Never log it.</summary>
    public string BuildConnectionString() =>
        new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Username = Username,
            Password = Password,
            Database = Database,
            SslMode = SslMode,
            // The role has a password; Kerberos, which Npgsql would offer first, is not for it.
            GssEncryptionMode = GssEncryptionMode.Disable,
            MaxPoolSize = PoolSize,
            ApplicationName = "campaign-sender",
            CommandTimeout = 30,
            KeepAlive = 30,
            // Whoever was the primary when a connection was opened may be none now, with a pooler or a dead network between.
            ConnectionLifetime = 300,
            // No statement leaves anything behind in its session, and a DISCARD ALL for each would be every third statement.
            NoResetOnClose = true,
            MaxAutoPrepare = PreparedStatements,
            Options = PreparedStatements > 0 ? PlannedAnew : null,
        }.ConnectionString;
}
