using Dapper;
using Npgsql;

namespace CampaignSender.Sandbox.Growth;

/// <summary>evo-flow's table of contacts, with rows of many campaigns.</summary>
internal sealed class ContactTable(string connectionString)
{
    /// <summary>Of one statement, which is one transaction.</summary>
    private const int CampaignSize = 1_000_000;

    private const string InsertSettled = """
        WITH campaign AS (
            INSERT INTO campaigns (title, name, status, type)
            VALUES ('Another campaign', replace(gen_random_uuid()::text, '-', ''), 2, 'regular')
            RETURNING id
        )
        INSERT INTO campaigns_contacts (campaign_id, contact_id, status, sent_at, settled_at)
        SELECT campaign.id, gen_random_uuid(), 'SENT', now() AT TIME ZONE 'UTC', now()
        FROM campaign, generate_series(1, @contacts)
        """;

    // PostgreSQL's counts lag behind by up to some seconds.
    private const string ReadUse = """
        SELECT n_tup_upd AS "Updates", n_tup_hot_upd AS "HotUpdates", n_dead_tup AS "DeadRows",
               pg_relation_size(relid) / 1e6 AS "TableMb", pg_indexes_size(relid) / 1e6 AS "IndexesMb"
        FROM pg_stat_user_tables
        WHERE relname = 'campaigns_contacts'
        """;

    /// <summary>Adds contacts of other campaigns, sent long ago.</summary>
    public async Task InsertSettledContacts(int contacts, CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        for (var left = contacts; left > 0; left -= CampaignSize)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    InsertSettled,
                    new { contacts = Math.Min(left, CampaignSize) },
                    commandTimeout: 0,
                    cancellationToken: cancellationToken
                )
            );
        }
    }

    /// <summary>As autovacuum leaves it sooner or later.</summary>
    public async Task Vacuum(CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "VACUUM (ANALYZE) campaigns_contacts",
                commandTimeout: 0,
                cancellationToken: cancellationToken
            )
        );
    }

    public async Task<ContactTableUse> Use(CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        return await connection.QuerySingleAsync<ContactTableUse>(
            new CommandDefinition(ReadUse, cancellationToken: cancellationToken)
        );
    }

    private async Task<NpgsqlConnection> Open(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
