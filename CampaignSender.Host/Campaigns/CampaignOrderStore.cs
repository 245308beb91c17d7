using CampaignSender.Contracts;
using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Campaigns;

internal sealed class CampaignOrderStore(NpgsqlDataSource database) : ICampaignOrders
{
    public async Task<OrderedCampaign?> Order(
        Guid campaignId,
        ControlAction action,
        CancellationToken cancellationToken
    )
    {
        var (status, from) = Change(action);
        var row = await database.Run(
            CampaignOrderSql.Order,
            new
            {
                id = campaignId,
                status = (int)status,
                from = from.Select(each => (int)each).ToArray(),
            },
            static (connection, command) => connection.QuerySingleOrDefaultAsync<Row>(command),
            cancellationToken
        );
        return row is null ? null : new OrderedCampaign(row.Before, row.Now, row.Now == status);
    }

    private static (CampaignStatus Status, CampaignStatus[] From) Change(ControlAction action) =>
        action switch
        {
            ControlAction.Pause => (CampaignStatus.Paused, [CampaignStatus.Sending, CampaignStatus.SendingAb]),
            ControlAction.Resume => (CampaignStatus.Sending, [CampaignStatus.Paused]),
            _ => (CampaignStatus.Stopped, [CampaignStatus.Sending, CampaignStatus.SendingAb, CampaignStatus.Paused]),
        };

    private sealed record Row
    {
        public required CampaignStatus Before { get; init; }
        public required CampaignStatus Now { get; init; }
    }
}
