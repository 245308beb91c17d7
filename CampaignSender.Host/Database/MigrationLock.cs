using Npgsql;

namespace CampaignSender.Host.Database;

/// <summary>Lets one replica migrate at a time. Held by a database session, so it ends with the process at the latest.</summary>
internal sealed partial class MigrationLock : IAsyncDisposable
{
    // Any number that no other program on this database uses for an advisory lock.
    private const long Key = 0x63_61_6d_70_73_65_6e_64;

    private readonly NpgsqlConnection _session;

    private MigrationLock(NpgsqlConnection session) => _session = session;

    public static async Task<MigrationLock> Take(
        NpgsqlDataSource database,
        TimeSpan pollInterval,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var session = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            for (var waited = 0; !await Try(session, cancellationToken); waited++)
            {
                if (waited == 0)
                {
                    Log.WaitingForAnother(logger);
                }

                await Task.Delay(pollInterval, time, cancellationToken);
            }

            await WatchClient(session, cancellationToken);
            return new MigrationLock(session);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    // Of a machine that is gone PostgreSQL would hear after two hours, and keep its lock until then.
    private static async Task WatchClient(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(MigrationStatements.WatchClient, session);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Asked again and again instead of waited for: a waiting pg_advisory_lock is a running statement with a snapshot, and
    // the holder's "create index concurrently" waits for all snapshots that are older than its own. Both would wait for
    // each other, and PostgreSQL would end one of them as a deadlock.
    private static async Task<bool> Try(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(MigrationStatements.TryLock, session);
        command.Parameters.AddWithValue("key", Key);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "database migration waits: another replica is migrating")]
        public static partial void WaitingForAnother(ILogger logger);
    }
}
