using System.Runtime.ExceptionServices;
using System.Text.Json;
using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Parking;

internal sealed class ParkingStore(NpgsqlDataSource database) : IParkedPages
{
    /// <summary>So long a page that cannot be published lets others go first: the broker may refuse it for ever.</summary>
    private static readonly TimeSpan NextTry = TimeSpan.FromSeconds(30);

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
                bodyHash = delivery.HashBody(),
                headers = JsonSerializer.Serialize(delivery.Headers.Where(IsStorable).ToDictionary()),
                redrives = delivery.Redrives,
                delay,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    /// <inheritdoc cref="ParkingSql.Forget"/>
    public Task Forget(PageDelivery delivery, CancellationToken cancellationToken) =>
        database.Run(
            ParkingSql.Forget,
            new
            {
                campaignId = delivery.Page.CampaignId,
                page = delivery.Page.Page,
                bodyHash = delivery.HashBody(),
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    /// <summary>
    /// Hands the due pages to <paramref name="settle"/> and removes them if it succeeds. They stay locked meanwhile: a
    /// crash in between leaves them parked, at worst to be published a second time, which costs a cheap skip. At the first
    /// one that it does not succeed with it ends.
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

        var settled = new List<Guid>();
        ExceptionDispatchInfo? fault = null;
        try
        {
            foreach (var page in pages)
            {
                await settle(page, cancellationToken);
                settled.Add(page.Id);
            }
        }
        catch (Exception exception)
        {
            fault = ExceptionDispatchInfo.Capture(exception);
            var postponed = new { id = pages[settled.Count].Id, delay = NextTry };
            await connection.ExecuteAsync(ParkingSql.Postpone, postponed, transaction);
        }

        // Told to stop or not: what is published is not to be published again.
        await connection.ExecuteAsync(ParkingSql.Remove, new { ids = settled.ToArray() }, transaction);
        await transaction.CommitAsync(CancellationToken.None);
        fault?.Throw();
        return pages.Count;
    }

    public Task<int> Hasten(
        ParkingReason reason,
        Guid? campaignId,
        TimeSpan delay,
        CancellationToken cancellationToken
    ) =>
        database.Run(
            ParkingSql.Hasten,
            new
            {
                ids = Array.Empty<Guid>(),
                campaignId,
                reason = reason.Name(),
                delay,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    public Task<int> Redrive(ParkedSelection which, CancellationToken cancellationToken) =>
        database.Run(
            ParkingSql.Redrive,
            which,
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

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

    public Task<long> Count(ParkedSelection which, CancellationToken cancellationToken) =>
        database.Run(
            ParkingSql.Count,
            which,
            static (connection, command) => connection.ExecuteScalarAsync<long>(command),
            cancellationToken
        );

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

    // PostgreSQL's texts hold no NUL; a producer's header may.
    private static bool IsStorable(KeyValuePair<string, string> header) =>
        !header.Key.Contains('\0', StringComparison.Ordinal) && !header.Value.Contains('\0', StringComparison.Ordinal);

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
