using CampaignSender.Host.Database;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CampaignSender.Host.Safety;

internal sealed class SafetyStore(NpgsqlDataSource database, IOptions<SafetyOptions> options) : ISafetyLimits
{
    /// <summary>Stands for the campaigns that have no limits of their own.</summary>
    private static readonly Guid AllCampaigns = Guid.Empty;

    /// <summary>What a replica saw longer ago tells nothing.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    /// <summary>Each process is one.</summary>
    private readonly Guid _replicaId = Guid.NewGuid();

    /// <param name="stops">As many as are known of; null: none was looked for yet.</param>
    public Task<FleetView> Exchange(
        Guid campaignId,
        int outcomes,
        int failures,
        int? stops,
        CancellationToken cancellationToken
    ) =>
        database.Run(
            SafetySql.Exchange,
            new
            {
                campaignId,
                replicaId = _replicaId,
                outcomes,
                failures,
                stops,
                memory = Memory,
                allCampaigns = AllCampaigns,
            },
            static (connection, command) => connection.QuerySingleAsync<FleetView>(command),
            cancellationToken
        );

    /// <summary>False: it was not sending any more, or others have stopped it meanwhile.</summary>
    public async Task<bool> Stop(
        Guid campaignId,
        int stops,
        long outcomes,
        long failures,
        string reason,
        CancellationToken cancellationToken
    ) =>
        await database.Run(
            SafetySql.Stop,
            new
            {
                campaignId,
                stops,
                outcomes = (int)outcomes,
                failures = (int)failures,
                reason,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        ) == 1;

    public Task<SafetyStopRecord?> LastStop(Guid campaignId, CancellationToken cancellationToken) =>
        database.Run(
            SafetySql.LastStop,
            new { campaignId },
            static (connection, command) => connection.QuerySingleOrDefaultAsync<SafetyStopRecord>(command),
            cancellationToken
        );

    public Task<int> CountRecentStops(CancellationToken cancellationToken) =>
        database.Run(
            SafetySql.CountRecentStops,
            new { },
            static (connection, command) => connection.ExecuteScalarAsync<int>(command),
            cancellationToken
        );

    public async Task<SafetyLimits> Read(Guid? campaignId, CancellationToken cancellationToken)
    {
        var set = await database.Run(
            SafetySql.ReadLimits,
            new { campaignId = campaignId ?? AllCampaigns, allCampaigns = AllCampaigns },
            static (connection, command) => connection.QuerySingleOrDefaultAsync<SafetyLimits>(command),
            cancellationToken
        );
        return set ?? SafetyLimits.From(options.Value);
    }

    public Task Set(Guid? campaignId, SafetyLimits limits, CancellationToken cancellationToken) =>
        database.Run(
            SafetySql.SetLimits,
            new
            {
                campaignId = campaignId ?? AllCampaigns,
                window = limits.Window,
                minFailures = limits.MinFailures,
                sharePercent = limits.SharePercent,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    public async Task<bool> Clear(Guid? campaignId, CancellationToken cancellationToken) =>
        await database.Run(
            SafetySql.ClearLimits,
            new { campaignId = campaignId ?? AllCampaigns },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        ) > 0;
}
