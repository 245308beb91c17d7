using Dapper;
using Npgsql;

namespace CampaignSender.Host.Database;

/// <summary>One statement on one pooled connection: all that the stores need.</summary>
internal static class DataSourceStatements
{
    /// <summary>In seconds, of a statement about all contacts of a large campaign.</summary>
    public const int LongestTime = 600;

    public static Task<TResult> Run<TResult>(
        this NpgsqlDataSource database,
        string statement,
        object parameters,
        Func<NpgsqlConnection, CommandDefinition, Task<TResult>> execute,
        CancellationToken cancellationToken
    ) => database.Run(new CommandDefinition(statement, parameters, cancellationToken: cancellationToken), execute);

    /// <summary>The same of a statement that may take <see cref="LongestTime"/>.</summary>
    public static Task<TResult> RunLong<TResult>(
        this NpgsqlDataSource database,
        string statement,
        object parameters,
        Func<NpgsqlConnection, CommandDefinition, Task<TResult>> execute,
        CancellationToken cancellationToken
    ) =>
        database.Run(
            new CommandDefinition(
                statement,
                parameters,
                commandTimeout: LongestTime,
                cancellationToken: cancellationToken
            ),
            execute
        );

    private static async Task<TResult> Run<TResult>(
        this NpgsqlDataSource database,
        CommandDefinition command,
        Func<NpgsqlConnection, CommandDefinition, Task<TResult>> execute
    )
    {
        await using var connection = await database.OpenConnectionAsync(command.CancellationToken);
        return await execute(connection, command);
    }
}
