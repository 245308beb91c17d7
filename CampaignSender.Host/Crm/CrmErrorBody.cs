using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CampaignSender.Host.Crm;

internal static class CrmErrorBody
{
    private const int MaxCode = 60;

    /// <summary>Bytes.</summary>
    private const int MaxText = 8 * 1024;

    /// <summary>
    /// The error code and the whole error as text, of <c>{error, code}</c> or <c>{error: {code, details}}</c>. Both are
    /// null where the body is something else, a gateway's HTML page for instance.
    /// </summary>
    public static (string? Code, string? Details) Read(ReadOnlyMemory<byte> body, int maxDetails) =>
        Read(body, (root, error) => (Code(error) ?? Code(root), (string?)Cut(error.ToString(), maxDetails)));

    /// <summary>
    /// Whether <c>error.details</c>, which some versions of the CRM send as one text and others as a list, has one of the
    /// phrases.
    /// </summary>
    public static bool DetailsMention(ReadOnlyMemory<byte> body, SearchValues<string> phrases) =>
        Details(body, details => Texts(details).Any(text => text.AsSpan().ContainsAny(phrases)));

    /// <summary>Whether the CRM's validation found fault with this field: <c>error.details</c> is a list of fields then.</summary>
    public static bool DetailsName(ReadOnlyMemory<byte> body, string field) =>
        Details(
            body,
            details =>
                details.ValueKind is JsonValueKind.Array
                && details.EnumerateArray().Any(detail => CrmJson.Text(detail, "field") == field)
        );

    /// <summary>Whether it is an error in the CRM's own form.</summary>
    public static bool IsError(ReadOnlyMemory<byte> body) => Read(body, (_, _) => true);

    /// <summary>Whether it is JSON as the CRM's answers are, and no page of something in between.</summary>
    public static bool IsObject(ReadOnlyMemory<byte> body) =>
        Parse(body, root => root.ValueKind is JsonValueKind.Object);

    /// <summary>Whether the text, whatever its form, has one of the phrases near its beginning.</summary>
    public static bool Mentions(ReadOnlyMemory<byte> body, SearchValues<string> phrases) =>
        Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MaxText)]).AsSpan().ContainsAny(phrases);

    private static bool Details(ReadOnlyMemory<byte> body, Func<JsonElement, bool> areSuch) =>
        Read(
            body,
            (_, error) =>
                error.ValueKind is JsonValueKind.Object
                && error.TryGetProperty("details", out var details)
                && areSuch(details)
        );

    private static T? Read<T>(ReadOnlyMemory<byte> body, Func<JsonElement, JsonElement, T> read) =>
        Parse(
            body,
            root =>
                root.ValueKind is JsonValueKind.Object && root.TryGetProperty("error", out var error)
                    ? read(root, error)
                    : default
        );

    private static T? Parse<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T?> read)
    {
        if (body.IsEmpty)
        {
            return default;
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return read(document.RootElement);
        }
        catch (Exception exception) when (CrmJson.IsUnreadable(exception))
        {
            return default;
        }
    }

    private static IEnumerable<string> Texts(JsonElement details) =>
        details.ValueKind switch
        {
            JsonValueKind.String => [details.GetString()!],
            JsonValueKind.Array => details
                .EnumerateArray()
                .Where(detail => detail.ValueKind is JsonValueKind.String)
                .Select(detail => detail.GetString()!),
            _ => [],
        };

    // Codes are words in capitals: anything else may be a sentence that quotes the request.
    private static string? Code(JsonElement owner) =>
        CrmJson.Text(owner, "code") is { Length: > 0 and <= MaxCode } text
        && text.All(character => char.IsAsciiLetterUpper(character) || character is '_' || char.IsAsciiDigit(character))
            ? text
            : null;

    // PostgreSQL takes neither a NUL nor half a surrogate pair, and would refuse the whole batch of outcomes for it.
    private static string Cut(string text, int length)
    {
        var end = Math.Min(text.Length, length);
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        return text[..end].Replace("\0", "", StringComparison.Ordinal);
    }
}
