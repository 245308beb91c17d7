using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Pacing;

internal sealed class QuotaStore(NpgsqlDataSource database) : IInboxQuotas
{
    /// <summary>Near the end replicas hold next to nothing that another could use.</summary>
    private const int SharesOfTheRest = 20;

    private const int LargestReservation = 100;

    public Task<QuotaUse?> Read(Guid inboxId, CancellationToken cancellationToken) =>
        database.Run(
            QuotaSql.Read,
            new { inboxId },
            static (connection, command) => connection.QuerySingleOrDefaultAsync<QuotaUse>(command),
            cancellationToken
        );

    public async Task<QuotaReservation?> Reserve(Guid inboxId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(Command(QuotaSql.Lock, new { inboxId }));
        var use = await connection.QuerySingleOrDefaultAsync<QuotaUse>(Command(QuotaSql.Read, new { inboxId }));
        if (use is null or { IsUsedUp: true })
        {
            return null;
        }

        var count = Math.Clamp(use.Left / SharesOfTheRest, 1, LargestReservation);
        var slotEndsAt = await connection.QuerySingleAsync<DateTime>(
            Command(
                QuotaSql.Add,
                new
                {
                    inboxId,
                    count,
                    windowSeconds = use.Window.TotalSeconds,
                }
            )
        );
        await transaction.CommitAsync(cancellationToken);
        return new QuotaReservation(count, slotEndsAt);

        CommandDefinition Command(string statement, object parameters) =>
            new(statement, parameters, transaction, cancellationToken: cancellationToken);
    }

    public Task GiveBack(Guid inboxId, QuotaReservation unused, CancellationToken cancellationToken) =>
        database.Run(
            QuotaSql.GiveBack,
            new
            {
                inboxId,
                slotEndsAt = unused.SlotEndsAt,
                count = unused.Count,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    public Task Set(Guid inboxId, int messages, TimeSpan window, CancellationToken cancellationToken) =>
        database.Run(
            QuotaSql.Set,
            new
            {
                inboxId,
                messages,
                window,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    public Task Clear(Guid inboxId, CancellationToken cancellationToken) =>
        database.Run(
            QuotaSql.Clear,
            new { inboxId },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );
}
