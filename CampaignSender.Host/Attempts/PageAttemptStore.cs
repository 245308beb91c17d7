using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Attempts;

internal sealed class PageAttemptStore(NpgsqlDataSource database)
{
    /// <summary>The number of this attempt, from 1.</summary>
    public Task<int> Begin(
        Guid campaignId,
        int page,
        byte[] bodyHash,
        int pending,
        CancellationToken cancellationToken
    ) =>
        database.Run(
            PageAttemptSql.Begin,
            new
            {
                campaignId,
                page,
                bodyHash,
                pending,
            },
            static (connection, command) => connection.ExecuteScalarAsync<int>(command),
            cancellationToken
        );

    public Task End(Guid campaignId, int page, byte[] bodyHash, CancellationToken cancellationToken) =>
        database.Run(
            PageAttemptSql.End,
            new
            {
                campaignId,
                page,
                bodyHash,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );
}
