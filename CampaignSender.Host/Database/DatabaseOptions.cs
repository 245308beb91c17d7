using CampaignSender.Host.Configuration;
using Npgsql;

namespace CampaignSender.Host.Database;

internal sealed class DatabaseOptions : IOptionsSection
{
    public static string Section => "Database";

    public string Host { get; set; } = "";

    public int Port { get; set; } = 5432;

    public string Username { get; set; } = "";

    public string? Password { get; set; }

    public string Database { get; set; } = "";

    public SslMode SslMode { get; set; } = SslMode.Prefer;

    /// <summary>The most connections that one replica opens.</summary>
    public int PoolSize { get; set; } = 10;

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
            MaxPoolSize = PoolSize,
            ApplicationName = "campaign-sender",
            CommandTimeout = 30,
            KeepAlive = 30,
            // No statement leaves anything behind in its session, and a DISCARD ALL for each would be every third statement.
            NoResetOnClose = true,
        }.ConnectionString;
}
