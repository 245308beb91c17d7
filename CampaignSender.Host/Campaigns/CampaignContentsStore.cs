using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Campaigns;

internal sealed class CampaignContentsStore(NpgsqlDataSource database) : ICampaignContents
{
    public Task<CampaignContents?> Find(Guid campaignId, CancellationToken cancellationToken) =>
        database.Run(
            CampaignContentsSql.Find,
            new { id = campaignId },
            static (connection, command) => connection.QuerySingleOrDefaultAsync<CampaignContents>(command),
            cancellationToken
        );

    public Task<long> CountPending(Guid campaignId, CancellationToken cancellationToken) =>
        database.Run(
            CampaignContentsSql.CountPending,
            new { campaignId },
            static (connection, command) => connection.ExecuteScalarAsync<long>(command),
            cancellationToken
        );

    public async Task<IReadOnlyList<Guid>> ReadPending(
        Guid campaignId,
        Guid after,
        int count,
        CancellationToken cancellationToken
    )
    {
        var contactIds = await database.Run(
            CampaignContentsSql.ReadPending,
            new
            {
                campaignId,
                after,
                count,
            },
            static (connection, command) => connection.QueryAsync<Guid>(command),
            cancellationToken
        );
        return contactIds.AsList();
    }
}
