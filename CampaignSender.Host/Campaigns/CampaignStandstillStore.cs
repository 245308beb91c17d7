using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Campaigns;

internal sealed class CampaignStandstillStore(NpgsqlDataSource database)
{
    /// <param name="patience">For so long nothing of a campaign has happened.</param>
    public async Task<IReadOnlyList<StandingCampaign>> Find(TimeSpan patience, CancellationToken cancellationToken)
    {
        var found = await database.Run(
            CampaignStandstillSql.Find,
            new { patience },
            static (connection, command) => connection.QueryAsync<StandingCampaign>(command),
            cancellationToken
        );
        return found.AsList();
    }
}
