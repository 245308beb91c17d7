using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Campaigns;

internal sealed class CampaignStore(NpgsqlDataSource database)
{
    public async Task<Campaign?> Find(Guid id, CancellationToken cancellationToken)
    {
        var found = await database.Run(
            CampaignSql.Find,
            new { id },
            static (connection, command) => connection.QuerySingleAsync<FoundCampaign>(command),
            cancellationToken
        );
        // One that has not heard of the campaign yet would have its pages taken for dead letters. Once more than when it was
        // connected to: a pooler may have gone over to another server behind the connection.
        PrimaryOnly.Refuse(found.IsOfStandby);
        return found is { Id: { } known, Status: { } status }
            ? new Campaign
            {
                Id = known,
                Status = status,
                InboxId = found.InboxId,
            }
            : null;
    }

    private sealed record FoundCampaign
    {
        public required bool IsOfStandby { get; init; }
        public required Guid? Id { get; init; }
        public required CampaignStatus? Status { get; init; }
        public required Guid? InboxId { get; init; }
    }
}
