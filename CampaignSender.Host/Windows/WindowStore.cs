using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Windows;

internal sealed class WindowStore(NpgsqlDataSource database) : ISendingWindows
{
    /// <summary>Stands for the campaigns that have no window of their own.</summary>
    private static readonly Guid AllCampaigns = Guid.Empty;

    public Task<WindowSetting?> Read(Guid? campaignId, CancellationToken cancellationToken) =>
        database.Run(
            WindowSql.Read,
            new { campaignId = campaignId ?? AllCampaigns, allCampaigns = AllCampaigns },
            static (connection, command) => connection.QuerySingleOrDefaultAsync<WindowSetting>(command),
            cancellationToken
        );

    public Task Set(Guid? campaignId, WindowSetting window, CancellationToken cancellationToken) =>
        database.Run(
            WindowSql.Set,
            new
            {
                campaignId = campaignId ?? AllCampaigns,
                zone = window.Zone,
                hours = window.Hours,
                holidays = window.Holidays,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    public async Task<bool> Clear(Guid? campaignId, CancellationToken cancellationToken) =>
        await database.Run(
            WindowSql.Clear,
            new { campaignId = campaignId ?? AllCampaigns },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        ) > 0;
}
