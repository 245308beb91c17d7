using Dapper;
using Npgsql;

namespace CampaignSender.Host.Database;

/// <summary>One statement on one pooled connection: all that the stores need.</summary>
internal static class DataSourceStatements
{
    public static async Task<TResult> Run<TResult>(
        this NpgsqlDataSource database,
        string statement,
        object parameters,
        Func<NpgsqlConnection, CommandDefinition, Task<TResult>> execute,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await execute(
            connection,
            new CommandDefinition(statement, parameters, cancellationToken: cancellationToken)
        );
    }
}
