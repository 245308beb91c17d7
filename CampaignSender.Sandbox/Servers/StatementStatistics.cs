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
        Query<long>(
            """
            select coalesce(sum(s.calls), 0)::bigint
            from pg_stat_statements(showtext => false) s
            join pg_database d on d.oid = s.dbid
            where d.datname = @database
            """,
            database,
            cancellationToken
        );

    /// <summary>Lets the count of this database begin at 0 again.</summary>
    /// <exception cref="NotSupportedException">The server does not load <c>pg_stat_statements</c>.</exception>
    public Task Reset(string database, CancellationToken cancellationToken) =>
        Query<object>(
            "select pg_stat_statements_reset(0, oid, 0)::text from pg_database where datname = @database",
            database,
            cancellationToken
        );

    private async Task<T> Query<T>(string sql, string database, CancellationToken cancellationToken)
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
            return (
                await connection.ExecuteScalarAsync<T>(
                    new CommandDefinition(sql, new { database }, cancellationToken: cancellationToken)
                )
            )!;
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
