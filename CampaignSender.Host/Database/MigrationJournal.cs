using Dapper;
using Npgsql;

namespace CampaignSender.Host.Database;

/// <summary>
/// What DbUp has written down of the scripts that it ran. Read without DbUp and on a connection of the service: a start that
/// finds everything done needs no more.
/// </summary>
/// <param name="Schema">The schema that it is in, or will be.</param>
/// <param name="Scripts">The names of the scripts that have run.</param>
internal sealed record MigrationJournal(string Schema, IReadOnlyCollection<string> Scripts)
{
    public const string Table = "campaign_sender_migrations";

    /// <summary>The names of the scripts that have not run yet.</summary>
    public IReadOnlyList<string> Pending => [.. MigrationScripts.All.Select(script => script.Name).Except(Scripts)];

    /// <exception cref="MigrationFailedException">The role has no schema, or may not read the journal.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static async Task<MigrationJournal> Read(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var place = await connection.QuerySingleAsync<Place>(
            new CommandDefinition(
                MigrationStatements.Journal,
                new { Journal = Table },
                cancellationToken: cancellationToken
            )
        );
        if (place.IsHidden)
        {
            throw new MigrationFailedException(
                $"The database role may not read the table {Table}. Expected a role with the rights that docs/operations.md "
                    + "lists: select, insert, update, delete on the tables campaign_sender_* among them.",
                null
            )
            {
                MayPass = true,
            };
        }

        if (place.Schema is null)
        {
            throw new MigrationFailedException(
                "The database role has no schema to create tables in. Expected a search_path that names an existing "
                    + "schema, usually public, and the right to use it.",
                null
            );
        }

        var scripts = place.Exists
            ? await connection.QueryAsync<string>(
                new CommandDefinition(MigrationStatements.Scripts, cancellationToken: cancellationToken)
            )
            : [];
        return new MigrationJournal(place.Schema, scripts.AsList());
    }

    private sealed record Place(string? Schema, bool Exists, bool IsHidden);
}
