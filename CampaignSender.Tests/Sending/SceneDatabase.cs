using System.Collections.Concurrent;
using CampaignSender.Host.Database;
using CampaignSender.Sandbox.Servers;
using Dapper;
using Npgsql;

namespace CampaignSender.Tests.Sending;

/// <summary>
/// One test's database. A migrated one is left to the next test, empty again: to copy one and to open sessions in it takes
/// longer than many a test.
/// </summary>
internal sealed class SceneDatabase : IAsyncDisposable
{
    // Whoever changes it, with whatever rights.
    private const string WatchSchema = """
        CREATE SCHEMA test;
        CREATE TABLE test.changes (tag text);
        CREATE FUNCTION test.note_change() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
        AS $$ BEGIN INSERT INTO test.changes VALUES (tg_tag); END $$;
        CREATE EVENT TRIGGER note_change ON ddl_command_end EXECUTE FUNCTION test.note_change();
        """;

    // Statistics stay when a table is emptied, and would lead to other plans.
    private const string IsChanged = """
        SELECT EXISTS (SELECT FROM test.changes)
            OR EXISTS (SELECT FROM pg_stats WHERE schemaname = 'public')
            OR EXISTS (
                SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
                WHERE d.datname = current_database()
            )
        """;

    // Those of replicas that were killed, if the server has not noticed yet.
    private const string EndSessions = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'campaign-sender%'
        """;

    private const string Empty = $"""
        DO $$
        DECLARE
            filled text := (
                SELECT string_agg(oid::regclass::text, ', ') FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                    AND relname <> '{MigrationJournal.Table}' AND pg_relation_size(oid) > 0
            );
        BEGIN
            IF filled IS NOT NULL THEN
                EXECUTE 'TRUNCATE ' || filled || ' RESTART IDENTITY CASCADE';
            END IF;
        END $$
        """;

    private static readonly ConcurrentBag<SceneDatabase> _free = [];

    private readonly EvoFlowDatabase _evoFlow;
    private readonly bool _isMigrated;

    private SceneDatabase(EvoFlowDatabase evoFlow, bool isMigrated)
    {
        _evoFlow = evoFlow;
        _isMigrated = isMigrated;
        Source = NpgsqlDataSource.Create(evoFlow.ConnectionString);
    }

    public string Name => _evoFlow.Name;

    public string ConnectionString => _evoFlow.ConnectionString;

    public NpgsqlDataSource Source { get; }

    /// <summary>As evo-flow leaves it.</summary>
    public static async Task<SceneDatabase> Old(CancellationToken cancellationToken) =>
        new(await SharedServers.CreateOldDatabase(cancellationToken), isMigrated: false);

    /// <summary>As evo-flow leaves it, with what the sender adds.</summary>
    public static async Task<SceneDatabase> Migrated(CancellationToken cancellationToken)
    {
        if (_free.TryTake(out var free))
        {
            return free;
        }

        var database = new SceneDatabase(
            await SharedServers.CreateMigratedDatabase(cancellationToken),
            isMigrated: true
        );
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(WatchSchema, cancellationToken: cancellationToken));
        return database;
    }

    /// <summary>Deletes those that are left.</summary>
    public static async Task DropFree()
    {
        while (_free.TryTake(out var free))
        {
            await free.Drop();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMigrated && await TryEmpty())
        {
            _free.Add(this);
        }
        else
        {
            await Drop();
        }
    }

    private async Task<bool> TryEmpty()
    {
        try
        {
            await using var connection = await Source.OpenConnectionAsync();
            if (await connection.ExecuteScalarAsync<bool>(IsChanged))
            {
                return false;
            }

            await connection.ExecuteAsync(EndSessions);
            await connection.ExecuteAsync(Empty);
            return true;
        }
        catch (NpgsqlException)
        {
            // Its sessions were ended, or whatever else the test has done to it.
            return false;
        }
    }

    private async Task Drop()
    {
        await Source.DisposeAsync();
        await _evoFlow.Drop(CancellationToken.None);
    }
}
