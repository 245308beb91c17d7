using Dapper;
using Npgsql;

namespace CampaignSender.Sandbox.Servers;

/// <summary>
/// Counts the statements that a database executed. The extension lives in the maintenance database only and sees all
/// of them by their id, so that neither the databases under test nor their counts are touched by the counting.
/// </summary>
internal sealed class StatementStatistics(PostgreSqlAddress address)
{
    /// <summary>The statements so far, transaction control included.</summary>
    /// <exception cref="NotSupportedException">The server does not load <c>pg_stat_statements</c>.</exception>
    public Task<long> Count(string database, CancellationToken cancellationToken) =>
        Ask(
            connection =>
                connection.ExecuteScalarAsync<long>(
                    new CommandDefinition(
                        """
                        select coalesce(sum(s.calls), 0)::bigint
                        from pg_stat_statements(showtext => false) s
                        join pg_database d on d.oid = s.dbid
                        where d.datname = @database
                        """,
                        new { database },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    /// <summary>What the statements took, the dearest first.</summary>
    /// <exception cref="NotSupportedException">The server does not load <c>pg_stat_statements</c>.</exception>
    public Task<IReadOnlyList<StatementCost>> Costs(string database, CancellationToken cancellationToken) =>
        Ask<IReadOnlyList<StatementCost>>(
            async connection =>
                [
                    .. await connection.QueryAsync<StatementCost>(
                        new CommandDefinition(
                            """
                            select s.query as "Text", s.calls as "Calls", s.mean_exec_time as "Milliseconds",
                                   s.rows::float8 / s.calls as "Rows",
                                   (s.shared_blks_hit + s.shared_blks_read)::float8 / s.calls as "Blocks",
                                   s.shared_blks_read::float8 / s.calls as "BlocksRead",
                                   s.shared_blks_dirtied::float8 / s.calls as "BlocksDirtied",
                                   (s.wal_bytes / s.calls)::float8 as "WalBytes"
                            from pg_stat_statements s
                            join pg_database d on d.oid = s.dbid
                            where d.datname = @database
                            order by s.total_exec_time desc
                            """,
                            new { database },
                            cancellationToken: cancellationToken
                        )
                    ),
                ],
            cancellationToken
        );

    /// <summary>Lets the count of this database begin at 0 again.</summary>
    /// <exception cref="NotSupportedException">The server does not load <c>pg_stat_statements</c>.</exception>
    public Task Reset(string database, CancellationToken cancellationToken) =>
        Ask(
            connection =>
                connection.ExecuteAsync(
                    new CommandDefinition(
                        "select pg_stat_statements_reset(0, oid, 0)::text from pg_database where datname = @database",
                        new { database },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    private async Task<T> Ask<T>(Func<NpgsqlConnection, Task<T>> question, CancellationToken cancellationToken)
    {
        await using var connection = await address.Open(cancellationToken);
        try
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    "create extension if not exists pg_stat_statements",
                    cancellationToken: cancellationToken
                )
            );
            return await question(connection);
        }
        catch (PostgresException exception)
            when (exception.SqlState
                    is PostgresErrorCodes.ObjectNotInPrerequisiteState
                        or PostgresErrorCodes.UndefinedFile
                        or PostgresErrorCodes.FeatureNotSupported
                        or PostgresErrorCodes.InsufficientPrivilege
            )
        {
            throw new NotSupportedException(
                $"This PostgreSQL server counts no statements, pg_stat_statements is not loaded: {exception.MessageText}",
                exception
            );
        }
    }
}
