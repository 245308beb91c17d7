using Dapper;
using Npgsql;

namespace CampaignSender.Host.Database;

/// <summary>One statement on one pooled connection: all that the stores need.</summary>
internal static class DataSourceStatements
{
    /// <summary>In seconds, of a statement about all contacts of a large campaign.</summary>
    public const int LongestTime = 600;

    public static async Task<TResult> Run<TResult>(
        this NpgsqlDataSource database,
        string statement,
        object parameters,
        Func<NpgsqlConnection, CommandDefinition, Task<TResult>> execute,
        CancellationToken cancellationToken,
        int? commandTimeout = null
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await execute(
            connection,
            new CommandDefinition(
                statement,
                parameters,
                commandTimeout: commandTimeout,
                cancellationToken: cancellationToken
            )
        );
    }
}
