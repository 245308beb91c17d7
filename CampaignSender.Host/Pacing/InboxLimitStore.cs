using CampaignSender.Host.Database;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CampaignSender.Host.Pacing;

internal sealed class InboxLimitStore(NpgsqlDataSource database, IOptions<RateLimitOptions> options) : IInboxLimits
{
    /// <summary>How far ahead of the present messages are granted.</summary>
    public static readonly TimeSpan Farthest = TimeSpan.FromSeconds(5);

    private readonly InboxLimit _standard = options.Value is { Capacity: > 0 and var capacity, RefillRate: var rate }
        ? new InboxLimit(capacity, rate)
        : new InboxLimit(Capacity: 1, RefillRate: 0);

    public Task<InboxGrant?> Take(Guid inboxId, int count, InboxLimit limit, CancellationToken cancellationToken) =>
        database.Run(
            InboxLimitSql.Take,
            new
            {
                inboxId,
                count,
                capacity = _standard.Capacity,
                refillRate = _standard.RefillRate,
                first = TimeSpan.FromSeconds((double)(count - (limit.Capacity - 1)) / limit.RefillRate),
                farthest = Farthest,
            },
            static (connection, command) => connection.QuerySingleOrDefaultAsync<InboxGrant>(command),
            cancellationToken
        );

    public async Task<InboxLimit> Read(Guid inboxId, CancellationToken cancellationToken) =>
        await database.Run(
            InboxLimitSql.Read,
            new
            {
                inboxId,
                capacity = _standard.Capacity,
                refillRate = _standard.RefillRate,
            },
            static (connection, command) => connection.QuerySingleOrDefaultAsync<InboxLimit>(command),
            cancellationToken
        ) ?? _standard;

    public Task Set(Guid inboxId, int? capacity, int? refillRate, CancellationToken cancellationToken) =>
        database.Run(
            InboxLimitSql.Set,
            new
            {
                inboxId,
                capacity,
                refillRate,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );
}
