using System.Globalization;

namespace CampaignSender.Contracts.Json;

/// <summary>
/// Finds escapes that are no text: JSON allows <c>\ud800</c> alone, and reading such a string throws. Looking first
/// keeps a body of a million of them from costing a million exceptions.
/// </summary>
internal static class Surrogates
{
    private const int EscapeLength = 6;

    /// <summary>Whether each half of a surrogate pair has its other half. The escapes are well-formed.</summary>
    public static bool ArePaired(ReadOnlySpan<byte> escaped)
    {
        while (true)
        {
            var backslash = escaped.IndexOf((byte)'\\');
            if (backslash < 0)
            {
                return true;
            }

            escaped = escaped[backslash..];
            var unit = UnitOf(escaped);
            if (char.IsLowSurrogate(unit))
            {
                return false;
            }

            if (!char.IsHighSurrogate(unit))
            {
                escaped = escaped[2..];
                continue;
            }

            if (!char.IsLowSurrogate(UnitOf(escaped[EscapeLength..])))
            {
                return false;
            }

            escaped = escaped[(2 * EscapeLength)..];
        }
    }

    /// <summary>The UTF-16 unit of a \u escape; NUL where there is none.</summary>
    private static char UnitOf(ReadOnlySpan<byte> text) =>
        text.StartsWith("\\u"u8)
            ? (char)ushort.Parse(text[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : '\0';
}
