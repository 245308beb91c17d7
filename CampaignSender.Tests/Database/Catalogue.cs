using Dapper;
using Npgsql;

namespace CampaignSender.Tests.Database;

/// <summary>What a database holds, one line for each column, index, constraint, type, trigger and table file.</summary>
internal static class Catalogue
{
    private const string Lines = """
        SELECT format('column %s.%s %s: %s, nullable %s, default %s', table_name, ordinal_position, column_name,
                      coalesce(domain_name, udt_name) || coalesce('(' || character_maximum_length || ')', ''),
                      is_nullable, coalesce(column_default, 'none'))
        FROM information_schema.columns
        WHERE table_schema = 'public'
        UNION ALL
        SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
        FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
        UNION ALL
        SELECT format('enum %s: %s', enumtypid::regtype, string_agg(enumlabel, ', ' ORDER BY enumsortorder))
        FROM pg_enum
        GROUP BY enumtypid
        UNION ALL
        SELECT format('trigger %s', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
        """;

    // A table that is rewritten gets another file; one that is merely altered keeps it.
    private const string Files = """
        SELECT format('file of %s: %s', relname, relfilenode)
        FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname LIKE 'campaign%'
          AND relname NOT LIKE 'campaign\_sender\_%'
        """;

    public static async Task<IReadOnlyList<string>> Read(
        string connectionString,
        CancellationToken cancellationToken
    ) => await Query(connectionString, Lines, cancellationToken);

    public static async Task<IReadOnlyList<string>> ReadFiles(
        string connectionString,
        CancellationToken cancellationToken
    ) => await Query(connectionString, Files, cancellationToken);

    private static async Task<IReadOnlyList<string>> Query(
        string connectionString,
        string statement,
        CancellationToken cancellationToken
    )
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var lines = await connection.QueryAsync<string>(
            new CommandDefinition(statement, cancellationToken: cancellationToken)
        );
        return [.. lines.Order(StringComparer.Ordinal)];
    }
}
