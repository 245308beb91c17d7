using System.Runtime.CompilerServices;
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

    public Task<bool> UseInbox(Guid inboxId, CancellationToken cancellationToken) =>
        database.Run(
            CampaignContentsSql.UseInbox,
            new { inboxId },
            static (connection, command) => connection.ExecuteScalarAsync<bool>(command),
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

    public Task<CampaignProgress> Count(Guid campaignId, CancellationToken cancellationToken) =>
        database.RunLong(
            CampaignContentsSql.Count,
            new { campaignId },
            static (connection, command) => connection.QuerySingleAsync<CampaignProgress>(command),
            cancellationToken
        );

    public async Task<IReadOnlyList<FailureCount>> CountFailures(Guid campaignId, CancellationToken cancellationToken)
    {
        var counts = await database.RunLong(
            CampaignContentsSql.CountFailures,
            new { campaignId },
            static (connection, command) => connection.QueryAsync<FailureCount>(command),
            cancellationToken
        );
        return counts.AsList();
    }

    public async IAsyncEnumerable<FailedContact> ReadFailures(
        Guid campaignId,
        string? code,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var contacts = connection.QueryUnbufferedAsync<FailedContact>(
            CampaignContentsSql.ReadFailures,
            new { campaignId, code },
            commandTimeout: DataSourceStatements.LongestTime
        );
        await foreach (var contact in contacts.WithCancellation(cancellationToken))
        {
            yield return contact;
        }
    }
}
