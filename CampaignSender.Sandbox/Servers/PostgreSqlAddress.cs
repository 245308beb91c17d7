using Npgsql;

namespace CampaignSender.Sandbox.Servers;

/// <summary>How to reach a PostgreSQL server, whichever the database.</summary>
internal sealed class PostgreSqlAddress
{
    /// <summary>In seconds, for a session on a busy machine.</summary>
    private const int LongWait = 30;

    /// <summary>The same where it is asked again.</summary>
    private const int ShortWait = 5;

    private readonly NpgsqlConnectionStringBuilder _address;

    private PostgreSqlAddress(NpgsqlConnectionStringBuilder address) => _address = address;

    public string Host => _address.Host ?? "";

    public int Port => _address.Port;

    public string UserName => _address.Username ?? "";

    public string Password => _address.Password ?? "";

    public static PostgreSqlAddress Of(string host, int port, string userName, string password) =>
        new(
            new NpgsqlConnectionStringBuilder
            {
                Host = host,
                Port = port,
                Username = userName,
                Password = password,
                Timeout = LongWait,
                IncludeErrorDetail = true,
            }
        );

    /// <summary>Reads a connection string of Npgsql, or a <c>postgres://</c> url.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static PostgreSqlAddress Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("postgres" or "postgresql"))
        {
            return new(new NpgsqlConnectionStringBuilder(text));
        }

        var credentials = url.UserInfo.Split(':', 2);
        return Of(
            url.Host,
            url.Port > 0 ? url.Port : 5432,
            Uri.UnescapeDataString(credentials[0]),
            Uri.UnescapeDataString(credentials.ElementAtOrDefault(1) ?? "")
        );
    }

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(_address.ConnectionString) { Database = database }.ConnectionString;

    /// <summary>Opens a connection of its own to the maintenance database: a pooled one would outlive a restart.</summary>
    public Task<NpgsqlConnection> Open(CancellationToken cancellationToken) =>
        Open(_address.Timeout, cancellationToken);

    /// <summary>Whether a session can be opened now.</summary>
    public async Task<bool> Answers(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Open(ShortWait, cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<NpgsqlConnection> Open(int timeout, CancellationToken cancellationToken)
    {
        var maintenance = new NpgsqlConnectionStringBuilder(ConnectionString("postgres"))
        {
            Pooling = false,
            Timeout = timeout,
        };
        var connection = new NpgsqlConnection(maintenance.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
