using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Campaigns;

internal sealed class CampaignStore(NpgsqlDataSource database)
{
    public Task<Campaign?> Find(Guid id, CancellationToken cancellationToken) =>
        database.Run(
            CampaignSql.Find,
            new { id },
            static (connection, command) => connection.QuerySingleOrDefaultAsync<Campaign>(command),
            cancellationToken
        );
}
