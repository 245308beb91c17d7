using CampaignSender.Host.Database;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace CampaignSender.Host.Suppression;

internal sealed class SuppressionStore(NpgsqlDataSource database) : ISuppressionList
{
    public Task<bool> IsEmpty(CancellationToken cancellationToken) =>
        database.Run(
            SuppressionSql.IsEmpty,
            new { },
            static (connection, command) => connection.ExecuteScalarAsync<bool>(command),
            cancellationToken
        );

    /// <summary>The reasons of those contacts that are suppressed in the channel now.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> Find(
        Guid[] contactIds,
        string channel,
        CancellationToken cancellationToken
    )
    {
        var found = await database.Run(
            SuppressionSql.Find,
            new { contactIds, channel },
            static (connection, command) => connection.QueryAsync<(Guid ContactId, string Reason)>(command),
            cancellationToken
        );
        return found.ToDictionary(each => each.ContactId, each => each.Reason);
    }

    public Task Add(SuppressedContact contact, CancellationToken cancellationToken) =>
        database.Run(
            SuppressionSql.Add,
            contact,
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    public Task<int> Remove(Guid contactId, string? channel, CancellationToken cancellationToken) =>
        database.Run(
            SuppressionSql.Remove,
            new { contactId, channel },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    public async Task<IReadOnlyList<ListedSuppression>> Read(
        Guid? contactId,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.Run(
            SuppressionSql.Read,
            new { contactId, limit },
            static (connection, command) => connection.QueryAsync<ListedSuppression>(command),
            cancellationToken
        );
        return rows.AsList();
    }

    public async Task<SuppressionImport> Import(
        IAsyncEnumerable<SuppressedContact> contacts,
        bool isTrial,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(Command(SuppressionSql.CreateStage));
        await Stage(connection, contacts, cancellationToken);
        var import = await connection.QuerySingleAsync<SuppressionImport>(Command(SuppressionSql.Compare));
        if (!isTrial)
        {
            await connection.ExecuteAsync(Command(SuppressionSql.Merge));
            await transaction.CommitAsync(cancellationToken);
        }

        return import;

        CommandDefinition Command(string statement) =>
            new(
                statement,
                transaction: transaction,
                commandTimeout: DataSourceStatements.LongestTime,
                cancellationToken: cancellationToken
            );
    }

    private static async Task Stage(
        NpgsqlConnection connection,
        IAsyncEnumerable<SuppressedContact> contacts,
        CancellationToken cancellationToken
    )
    {
        await using var copy = await connection.BeginBinaryImportAsync(SuppressionSql.Stage, cancellationToken);
        var line = 0L;
        await foreach (var contact in contacts.WithCancellation(cancellationToken))
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(++line, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(contact.ContactId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(contact.Channel, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(contact.Reason, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(contact.ExpiresAt?.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
