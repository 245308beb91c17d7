using System.Text.Json;

namespace CampaignSender.Host.Crm;

/// <summary>
/// Fills placeholders with the contact's name, e-mail, phone and custom attributes.
/// Null becomes empty, objects and arrays become JSON, what the contact does not have stays as it is.
/// </summary>
internal static class TemplateRenderer
{
    private const string Prefix = "contact.";

    public static string Render(TemplateText text, CrmContact contact) => text.Fill(contact, Value);

    /// <summary>The contact's value of a variable of the template, or empty.</summary>
    public static string Parameter(string variable, CrmContact contact) => Value(contact, variable) ?? "";

    /// <summary>
    /// The contact's value of each placeholder that no variable stands for, by what is written between its double braces.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> Placeholders(CrmTemplate template, CrmContact contact)
    {
        foreach (var (written, key) in template.Doubled)
        {
            if (!template.Variables.Contains(written) && Value(contact, key) is { } value)
            {
                yield return KeyValuePair.Create(written, value);
            }
        }
    }

    /// <summary>What the template asks for and the contact does not have, or has empty.</summary>
    public static IEnumerable<string> Gaps(CrmTemplate template, CrmContact contact) =>
        template
            .Text.Keys.Concat(template.SubjectText.Keys)
            .Concat(template.Variables)
            .Distinct()
            .Where(key => string.IsNullOrWhiteSpace(Value(contact, key)));

    // Older CRMs let a variable be named as a placeholder is.
    private static string? Value(CrmContact contact, string key) =>
        Own(contact, key)
        ?? (key.StartsWith(Prefix, StringComparison.Ordinal) ? Own(contact, key[Prefix.Length..]) : null);

    // A custom attribute of the same name goes first, as with the sender before.
    private static string? Own(CrmContact contact, string key) =>
        CustomAttribute(contact.CustomAttributes, key) is var attribute && !string.IsNullOrEmpty(attribute)
            ? attribute
            : key switch
            {
                "name" => contact.Name ?? "",
                "email" => contact.Email ?? "",
                "phone" => contact.PhoneNumber ?? "",
                _ => attribute,
            };

    private static string? CustomAttribute(JsonElement attributes, string key)
    {
        try
        {
            return attributes.ValueKind is JsonValueKind.Object && attributes.TryGetProperty(key, out var value)
                ? value.ValueKind switch
                {
                    JsonValueKind.Null => "",
                    JsonValueKind.String => value.GetString(),
                    _ => value.GetRawText(),
                }
                : null;
        }
        catch (Exception exception) when (CrmJson.IsUnreadable(exception))
        {
            // Half a character: as if the contact did not have the attribute.
            return null;
        }
    }
}
