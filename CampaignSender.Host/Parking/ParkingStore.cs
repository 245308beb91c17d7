using System.Security.Cryptography;
using System.Text.Json;
using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Parking;

internal sealed class ParkingStore(NpgsqlDataSource database) : IParkedPages
{
    public Task Park(PageDelivery delivery, string reason, TimeSpan delay, CancellationToken cancellationToken) =>
        database.Run(
            ParkingSql.Park,
            new
            {
                campaignId = delivery.Page.CampaignId,
                page = delivery.Page.Page,
                correlationId = delivery.Page.CorrelationId,
                reason,
                body = delivery.Body.ToArray(),
                bodyHash = SHA256.HashData(delivery.Body.Span),
                headers = JsonSerializer.Serialize(delivery.Headers),
                redrives = delivery.Redrives,
                delay,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    /// <summary>
    /// Hands the due pages to <paramref name="settle"/> and removes them if it succeeds. They stay locked meanwhile: a
    /// crash in between leaves them parked, at worst to be published a second time, which costs a cheap skip.
    /// </summary>
    public async Task<int> TakeDue(
        int limit,
        Func<ParkedPage, CancellationToken, Task> settle,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await connection.QueryAsync<ParkedPage>(
            new CommandDefinition(ParkingSql.TakeDue, new { limit }, transaction, cancellationToken: cancellationToken)
        );
        var pages = due.AsList();
        if (pages.Count == 0)
        {
            return 0;
        }

        foreach (var page in pages)
        {
            await settle(page, cancellationToken);
        }

        var ids = pages.Select(page => page.Id).ToArray();
        await connection.ExecuteAsync(
            new CommandDefinition(ParkingSql.Remove, new { ids }, transaction, cancellationToken: cancellationToken)
        );
        await transaction.CommitAsync(cancellationToken);
        return pages.Count;
    }

    public Task<int> Hasten(
        ParkingReason reason,
        Guid? campaignId,
        TimeSpan delay,
        CancellationToken cancellationToken
    ) => Hasten(new ParkedSelection { Reason = reason.Name(), CampaignId = campaignId }, delay, cancellationToken);

    public Task<int> Redrive(ParkedSelection which, CancellationToken cancellationToken) =>
        Hasten(which, TimeSpan.Zero, cancellationToken);

    public async Task<IReadOnlyList<ListedPage>> List(
        ParkedSelection which,
        int limit,
        CancellationToken cancellationToken
    ) =>
        [
            .. await database.Run(
                ParkingSql.List,
                new
                {
                    ids = which.Ids,
                    campaignId = which.CampaignId,
                    reason = which.Reason,
                    limit,
                },
                static (connection, command) => connection.QueryAsync<ListedPage>(command),
                cancellationToken
            ),
        ];

    public Task<int> Drop(ParkedSelection which, CancellationToken cancellationToken) =>
        database.Run(
            ParkingSql.Drop,
            which,
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    public Task<IReadOnlyList<ParkedCount>> CountByReason(CancellationToken cancellationToken) =>
        CountByReason(campaignId: null, cancellationToken);

    public Task<IReadOnlyList<ParkedCount>> Count(Guid campaignId, CancellationToken cancellationToken) =>
        CountByReason(campaignId, cancellationToken);

    private Task<int> Hasten(ParkedSelection which, TimeSpan delay, CancellationToken cancellationToken) =>
        database.Run(
            ParkingSql.Hasten,
            new
            {
                ids = which.Ids,
                campaignId = which.CampaignId,
                reason = which.Reason,
                delay,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    private async Task<IReadOnlyList<ParkedCount>> CountByReason(
        Guid? campaignId,
        CancellationToken cancellationToken
    ) =>
        [
            .. await database.Run(
                ParkingSql.CountByReason,
                new { campaignId },
                static (connection, command) => connection.QueryAsync<ParkedCount>(command),
                cancellationToken
            ),
        ];
}
