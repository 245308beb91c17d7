using Dapper;
using Npgsql;

namespace CampaignSender.Host.Database;

internal sealed class EvoFlowTables(NpgsqlDataSource database)
{
    /// <summary>False: nobody has campaigns there, neither evo-flow nor a migration of ours.</summary>
    public Task<bool> Exist(CancellationToken cancellationToken) =>
        database.Run(
            DatabaseSql.HasCampaigns,
            new { },
            static (connection, command) => connection.ExecuteScalarAsync<bool>(command),
            cancellationToken
        );

    /// <summary>Whether what is committed outlives a crash of the server.</summary>
    public Task<bool> AreDurable(CancellationToken cancellationToken) =>
        database.Run(
            DatabaseSql.KeepsCommits,
            new { },
            static (connection, command) => connection.ExecuteScalarAsync<bool>(command),
            cancellationToken
        );
}
