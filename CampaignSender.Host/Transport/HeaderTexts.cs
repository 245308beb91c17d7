namespace CampaignSender.Host.Transport;

internal static class HeaderTexts
{
    /// <summary>By their keys, whatever the case: of those that have the same one the last counts.</summary>
    public static Dictionary<string, string> Of<THeader>(
        IEnumerable<THeader> headers,
        Func<THeader, string> key,
        Func<THeader, string> text
    )
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in headers)
        {
            texts[key(header)] = text(header);
        }

        return texts;
    }
}
