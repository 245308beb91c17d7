namespace CampaignSender.Contracts.Json;

/// <summary>Paths of properties whose names somebody else chose.</summary>
internal static class PropertyPath
{
    private const int MaxLength = 40;

    /// <summary>
    /// Cuts the name to 40 bytes and replaces all but letters, digits, <c>_</c>, <c>-</c> and <c>.</c>: it goes into
    /// logs and headers, and may be megabytes long or hold control characters.
    /// </summary>
    public static string OfUnknown(ReadOnlySpan<byte> name)
    {
        Span<char> safe = stackalloc char[Math.Min(name.Length, MaxLength)];
        for (var i = 0; i < safe.Length; i++)
        {
            var character = (char)name[i];
            safe[i] = char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.' ? character : '_';
        }

        return $"$.{safe}";
    }
}
