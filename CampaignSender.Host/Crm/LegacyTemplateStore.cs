using System.Text.Json;
using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Crm;

/// <summary>Older installations keep message templates in this database.</summary>
internal sealed class LegacyTemplateStore(NpgsqlDataSource database)
{
    public async Task<CrmTemplate?> Find(Guid templateId, CancellationToken cancellationToken)
    {
        if (!await TableExists(cancellationToken))
        {
            return null;
        }

        var row = await database.Run(
            LegacyTemplateSql.Find,
            new { id = templateId.ToString() },
            static (connection, command) => connection.QuerySingleOrDefaultAsync<Row>(command),
            cancellationToken
        );
        return row is null
            ? null
            : new CrmTemplate
            {
                Name = row.Name,
                Content = row.Content,
                Language = row.Language,
                Category = row.Category,
                Variables = Names(row.Variables),
            };
    }

    private Task<bool> TableExists(CancellationToken cancellationToken) =>
        database.Run(
            LegacyTemplateSql.TableExists,
            new { },
            static (connection, command) => connection.ExecuteScalarAsync<bool>(command),
            cancellationToken
        );

    private static List<string> Names(string? variables)
    {
        if (variables is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(variables);
        return CrmTemplateReader.VariableNames(document.RootElement);
    }

    private sealed record Row(string Name, string Content, string? Language, string? Category, string? Variables);
}
