using System.Text.RegularExpressions;

namespace CampaignSender.Host.Crm;

/// <summary>
/// A text with placeholders, <c>{{contact.key}}</c> or <c>{contact.key}</c>: taken apart once, filled for each contact.
/// </summary>
internal sealed partial class TemplateText
{
    private readonly List<Part> _parts = [];

    private TemplateText() { }

    /// <summary>Each placeholder in double braces, once: what is written between them, and its key.</summary>
    public IReadOnlyList<(string Written, string Key)> Doubled { get; private set; } = [];

    public IEnumerable<string> Keys => _parts.Select(part => part.Key).OfType<string>();

    public static TemplateText Parse(string content)
    {
        var text = new TemplateText();
        var end = 0;
        foreach (Match placeholder in Placeholder().Matches(content))
        {
            text._parts.Add(new Part(content[end..placeholder.Index], Key: null));
            text._parts.Add(new Part(placeholder.Value, KeyOf(placeholder)));
            end = placeholder.Index + placeholder.Length;
        }

        text._parts.Add(new Part(content[end..], Key: null));
        text.Doubled =
        [
            .. text
                ._parts.Where(part => part.Key is not null && part.AsWritten.StartsWith("{{", StringComparison.Ordinal))
                .Select(part => (part.AsWritten[2..^2], part.Key!))
                .Distinct(),
        ];
        return text;
    }

    /// <summary>Placeholders whose key has no value (null) stay as they are.</summary>
    public string Fill<T>(T source, Func<T, string, string?> value)
    {
        var filled = new string[_parts.Count];
        for (var index = 0; index < filled.Length; index++)
        {
            var (asWritten, key) = _parts[index];
            filled[index] = (key is null ? null : value(source, key)) ?? asWritten;
        }

        return string.Concat(filled);
    }

    private static string KeyOf(Match match) =>
        (match.Groups["double"] is { Success: true } twice ? twice : match.Groups["single"]).Value.Trim();

    [GeneratedRegex(@"\{\{\s*contact\.(?<double>[^{}]+)\}\}|\{\s*contact\.(?<single>[^{}]+)\}")]
    private static partial Regex Placeholder();

    private readonly record struct Part(string AsWritten, string? Key);
}
