using CampaignSender.Host.Validation;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CampaignSender.Host.Database;

/// <summary>
/// Adds to evo-flow's database what the sender needs. Safe beside running writers and beside other replicas that do the
/// same; a database that has everything is only read.
/// </summary>
internal sealed partial class DatabaseMigrator(
    string connectionString,
    NpgsqlDataSource database,
    MigrationPatience patience,
    TimeProvider time,
    ILogger<DatabaseMigrator> logger
)
{
    public DatabaseMigrator(
        IOptions<DatabaseOptions> options,
        NpgsqlDataSource database,
        TimeProvider time,
        ILogger<DatabaseMigrator> logger
    )
        : this(options.Value.BuildConnectionString(), database, new MigrationPatience(), time, logger) { }

    /// <summary>The scripts that <see cref="Migrate"/> would run. Changes nothing.</summary>
    public async Task<IReadOnlyList<string>> Pending(CancellationToken cancellationToken) =>
        (await MigrationJournal.Read(database, cancellationToken)).Pending;

    /// <summary>Runs the scripts that are pending, or waits for the replica that is running them.</summary>
    /// <returns>Those that this process has run.</returns>
    /// <exception cref="MigrationFailedException">A script could not run; the message says what to do.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<IReadOnlyList<string>> Migrate(CancellationToken cancellationToken)
    {
        var journal = await MigrationJournal.Read(database, cancellationToken);
        if (journal.Pending.Count == 0)
        {
            return [];
        }

        await using var session = new MigrationSession(connectionString, journal.Schema, patience.LockTimeout, logger);
        await using var migrating = await session.Lock(patience.PollInterval, time, cancellationToken);
        var pending = await Pending(cancellationToken);
        foreach (var script in MigrationScripts.All.Where(script => pending.Contains(script.Name)))
        {
            await Run(session, script, cancellationToken);
            Log.Applied(logger, script.Name);
        }

        return pending;
    }

    private async Task Run(MigrationSession session, MigrationScript script, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await Try(session, script, cancellationToken) is not { } fault)
            {
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (!IsContention(fault) || attempt >= patience.Attempts)
            {
                throw Explain(script, fault);
            }

            Log.TableIsBusy(logger, script.Name, attempt, patience.Attempts);
            await Task.Delay(patience.Pause, time, cancellationToken);
        }
    }

    private async Task<Exception?> Try(
        MigrationSession session,
        MigrationScript script,
        CancellationToken cancellationToken
    )
    {
        await using var stop = cancellationToken.UnsafeRegister(_ => BreakOff(session), null);
        try
        {
            var result = await Task.Run(() => session.Run(script), CancellationToken.None);
            return result.Successful ? null : result.Error;
        }
        catch (PostgresException fault)
        {
            return fault;
        }
    }

    private void BreakOff(MigrationSession session)
    {
        try
        {
            session.BreakOff();
        }
        catch (NpgsqlException unreachable)
        {
            // The script's own connection fails as well then, which ends the wait for it.
            Log.NotBrokenOff(logger, unreachable);
        }
    }

    private static bool IsContention(Exception fault) =>
        fault
            is PostgresException
            {
                SqlState: PostgresErrorCodes.LockNotAvailable
                    or PostgresErrorCodes.DeadlockDetected
                    or PostgresErrorCodes.SerializationFailure
            };

    // The script itself cannot be right where the database is not as it expects.
    private static bool IsOfTheMoment(PostgresException refused) =>
        FaultClassifier.Classify(refused) is FaultKind.Infrastructure && !FaultClassifier.IsOfSchema(refused);

    private Exception Explain(MigrationScript script, Exception fault) =>
        fault switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied =>
                new MigrationFailedException(
                    $"Database migration {script.Name} was denied: {denied.MessageText}. Expected a role that may create "
                        + "tables in the schema (grant usage, create on schema … to …) and that owns evo-flow's table "
                        + "campaigns_contacts or is a member of the role that does (grant <owner> to …). Grant that to "
                        + $"{Role()}, or run the migrations once with a role that has it and grant {Role()} select, insert, "
                        + "update, delete on the tables campaign_sender_*.",
                    denied
                )
                {
                    MayPass = true,
                },
            PostgresException when IsContention(fault) => new MigrationFailedException(
                $"Database migration {script.Name} could not lock its table in {patience.Attempts} attempts. Expected "
                    + "no transaction that stays open for long, and no vacuum to prevent wraparound: find it in pg_stat_activity, end it or "
                    + "wait for its end, and start again.",
                fault
            )
            {
                MayPass = true,
            },
            PostgresException refused => new MigrationFailedException(
                $"Database migration {script.Name} failed: {refused.SqlState} {refused.MessageText}. Nothing of it was "
                    + "kept; it runs again at the next start.",
                refused
            )
            {
                MayPass = IsOfTheMoment(refused),
            },
            _ => fault,
        };

    private string Role() => new NpgsqlConnectionStringBuilder(connectionString).Username ?? "the role";

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "database migration {Script} applied")]
        public static partial void Applied(ILogger logger, string script);

        [LoggerMessage(
            LogLevel.Warning,
            "database migration {Script} found its table busy: attempt {Attempt} of {Attempts}"
        )]
        public static partial void TableIsBusy(ILogger logger, string script, int attempt, int attempts);

        [LoggerMessage(LogLevel.Warning, "database migration could not be broken off")]
        public static partial void NotBrokenOff(ILogger logger, Exception exception);
    }
}
