using DbUp;
using DbUp.Engine;
using DbUp.Postgresql;
using Npgsql;

namespace CampaignSender.Host.Database;

/// <summary>Runs scripts, on connections of its own with the limits that suit them.</summary>
internal sealed class MigrationSession : IAsyncDisposable
{
    private const string Name = "campaign-sender-migration";

    private const int KeepAliveSeconds = 30;

    private readonly NpgsqlDataSource _database;
    private readonly string _schema;
    private readonly TimeSpan _lockTimeout;
    private readonly ILogger _logger;

    // Of the script that runs. Before the first one nothing is set: a pooler in transaction mode would keep it for others.
    private string? _limits;

    // Of the connection that was opened last for the script that runs; 0 before its first.
    private int _backend;

    public MigrationSession(string connectionString, string schema, TimeSpan lockTimeout, ILogger logger)
    {
        _schema = schema;
        _lockTimeout = lockTimeout;
        _logger = logger;
        // Its metrics name it by its connection string otherwise.
        var builder = new NpgsqlSlimDataSourceBuilder(Unpooled(connectionString)) { Name = Name };
        builder.EnableTransportSecurity();
        builder.UsePhysicalConnectionInitializer(Prepare, connection => Task.Run(() => Prepare(connection)));
        _database = builder.Build();
    }

    /// <summary>Waits for whoever else migrates this database.</summary>
    public Task<MigrationLock> Lock(TimeSpan pollInterval, TimeProvider time, CancellationToken cancellationToken) =>
        MigrationLock.Take(_database, pollInterval, time, _logger, cancellationToken);

    /// <summary>Runs the script unless the journal has it. Blocks until it has ended.</summary>
    public DatabaseUpgradeResult Run(MigrationScript script)
    {
        // What the script before left is closed, and its number may be somebody else's by now.
        Volatile.Write(ref _backend, 0);
        // A concurrent script makes nobody queue behind it. It waits for transactions that began before it, and giving
        // up on those would leave a broken index each time.
        _limits = MigrationStatements.Limits(script.IsConcurrent ? TimeSpan.Zero : _lockTimeout);
        if (script.IsConcurrent)
        {
            RepairIndexes();
        }

        return Engine(script).PerformUpgrade();
    }

    /// <summary>Breaks off the script that is running: its statement does not hear of a cancellation otherwise.</summary>
    public void BreakOff()
    {
        if (Volatile.Read(ref _backend) is not 0 and var backend)
        {
            using var connection = _database.OpenConnection();
            using var command = new NpgsqlCommand(MigrationStatements.Cancel, connection);
            command.Parameters.AddWithValue("pid", backend);
            command.ExecuteNonQuery();
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    // A script may take as long as it takes, and its connection ends with it. A network that forgets a connection on which
    // nothing moves for hours must not leave everybody waiting for an answer that nobody sends.
    private static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            CommandTimeout = 0,
            TcpKeepAlive = true,
            TcpKeepAliveTime = KeepAliveSeconds,
            TcpKeepAliveInterval = KeepAliveSeconds,
            ApplicationName = Name,
        }.ConnectionString;

    private UpgradeEngine Engine(MigrationScript script)
    {
        var builder = DeployChanges
            .To.PostgresqlDatabase(new PostgresqlConnectionManager(_database))
            // With its schema, because the search for the journal would find one of the same name anywhere else.
            .JournalToPostgresqlTable(_schema, MigrationJournal.Table)
            .WithScript(script.Name, script.Sql)
            // $$ quotes a block in PostgreSQL.
            .WithVariablesDisabled()
            .LogTo(new UpgradeLog(_logger));
        return (script.IsConcurrent ? builder.WithoutTransaction() : builder.WithTransactionPerScript()).Build();
    }

    private void RepairIndexes()
    {
        using var connection = _database.OpenConnection();
        var broken = new List<string>();
        using (var command = new NpgsqlCommand(MigrationStatements.BrokenIndexes, connection))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                broken.Add(reader.GetString(0));
            }
        }

        foreach (var index in broken)
        {
            using var command = new NpgsqlCommand(MigrationStatements.DropIndex(index), connection);
            command.ExecuteNonQuery();
        }
    }

    private void Prepare(NpgsqlConnection connection)
    {
        Volatile.Write(ref _backend, connection.ProcessID);
        if (_limits is { } limits)
        {
            using var command = new NpgsqlCommand(limits, connection);
            command.ExecuteNonQuery();
        }
    }
}
