using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Attempts;

internal sealed class PageAttemptStore(NpgsqlDataSource database)
{
    /// <param name="share">Of the blame, should this attempt not come to an end.</param>
    /// <param name="spacing">A delivery so soon after another one is beside it.</param>
    public Task<PageAttemptCount> Begin(
        Guid campaignId,
        int page,
        byte[] bodyHash,
        int pending,
        double share,
        TimeSpan spacing,
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
                spacing,
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
