using System.Text.Json;

namespace CampaignSender.Host.Crm;

/// <summary>Reads a template from either of the CRM's two endpoints.</summary>
internal static class CrmTemplateReader
{
    /// <summary>Null where the body holds no template.</summary>
    public static CrmTemplate? ReadOne(ReadOnlyMemory<byte> body) => Read(body, ToTemplate);

    /// <summary>
    /// The template with this id out of a list; null where it is not among them. False where the body is no list: one that
    /// was cut off, or a page of HTML, does not say that there is no such template.
    /// </summary>
    public static bool TryReadFromList(ReadOnlyMemory<byte> body, Guid templateId, out CrmTemplate? template)
    {
        var (isList, found) = Read(body, list => (list.ValueKind is JsonValueKind.Array, FindIn(list, templateId)));
        template = found;
        return isList;
    }

    /// <summary>The names in <c>variables[{name}]</c>, in their order.</summary>
    public static List<string> VariableNames(JsonElement variables) =>
        variables.ValueKind is JsonValueKind.Array
            ? [.. variables.EnumerateArray().Select(variable => CrmJson.Text(variable, "name")).OfType<string>()]
            : [];

    private static T? Read<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T?> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return read(
                root.ValueKind is JsonValueKind.Object && root.TryGetProperty("data", out var data) ? data : root
            );
        }
        catch (Exception exception) when (CrmJson.IsUnreadable(exception))
        {
            return default;
        }
    }

    private static CrmTemplate? FindIn(JsonElement list, Guid templateId)
    {
        if (list.ValueKind is not JsonValueKind.Array)
        {
            return null;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (CrmJson.Text(item, "id") is { } id && Guid.TryParse(id, out var found) && found == templateId)
            {
                return ToTemplate(item);
            }
        }

        return null;
    }

    private static CrmTemplate? ToTemplate(JsonElement item) =>
        CrmJson.Text(item, "name") is { } name && CrmJson.Text(item, "content") is { } content
            ? new CrmTemplate
            {
                Id = CrmJson.Text(item, "id"),
                Name = name,
                Content = content,
                Subject = item.TryGetProperty("settings", out var settings) ? CrmJson.Text(settings, "subject") : null,
                IsActive = !(item.TryGetProperty("active", out var active) && active.ValueKind is JsonValueKind.False),
                Language = CrmJson.Text(item, "language"),
                Category = CrmJson.Text(item, "category"),
                Variables = item.TryGetProperty("variables", out var variables) ? VariableNames(variables) : [],
            }
            : null;
}
