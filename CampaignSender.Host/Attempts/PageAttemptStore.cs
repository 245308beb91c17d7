using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Attempts;

internal sealed class PageAttemptStore(NpgsqlDataSource database)
{
    /// <param name="share">Of the blame, should this attempt not come to an end.</param>
    public Task<PageAttemptCount> Begin(
        Guid campaignId,
        int page,
        byte[] bodyHash,
        int pending,
        double share,
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
                share,
            },
            static (connection, command) => connection.QuerySingleAsync<PageAttemptCount>(command),
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
