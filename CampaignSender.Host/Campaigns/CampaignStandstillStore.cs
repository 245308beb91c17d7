using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Campaigns;

/// <summary>What all replicas know together of campaigns that stand still: a look reads all contacts of one.</summary>
internal sealed class CampaignStandstillStore(NpgsqlDataSource database)
{
    /// <summary>For so long nothing of a campaign has happened.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>At one campaign.</summary>
    public TimeSpan BetweenLooks { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A campaign to look at, which no other replica does meanwhile, as the look before this one found it.</summary>
    /// <param name="idle">Else only one that stood still: it may have its pages by now.</param>
    public Task<StandingCampaign?> TakeDue(bool idle, CancellationToken cancellationToken) =>
        database.Run(
            CampaignStandstillSql.TakeDue,
            new
            {
                patience = Patience,
                pause = BetweenLooks,
                idle,
            },
            static (connection, command) => connection.QuerySingleOrDefaultAsync<StandingCampaign>(command),
            cancellationToken
        );

    /// <returns>Its contacts that are pending and that nothing comes to.</returns>
    public Task<long> Look(Guid campaignId, CancellationToken cancellationToken) =>
        database.RunLong(
            CampaignStandstillSql.Look,
            new
            {
                campaignId,
                patience = Patience,
                pause = BetweenLooks,
            },
            static (connection, command) => connection.QuerySingleOrDefaultAsync<long>(command),
            cancellationToken
        );

    /// <summary>After a look that failed as before one that did not.</summary>
    public Task<int> Postpone(Guid campaignId, TimeSpan took, CancellationToken cancellationToken) =>
        database.Run(
            CampaignStandstillSql.Postpone,
            new
            {
                campaignId,
                took,
                pause = BetweenLooks,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    public Task<int> Count(CancellationToken cancellationToken) =>
        database.Run(
            CampaignStandstillSql.Count,
            new { patience = Patience },
            static (connection, command) => connection.ExecuteScalarAsync<int>(command),
            cancellationToken
        );
}
