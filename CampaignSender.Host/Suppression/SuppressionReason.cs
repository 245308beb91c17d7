namespace CampaignSender.Host.Suppression;

/// <summary>What may stand in the list as a reason.</summary>
internal static class SuppressionReason
{
    /// <summary>U+FFFD: what a reader makes of bytes that are no UTF-8.</summary>
    private const char Unreadable = '\uFFFD';

    public static string Expected { get; } = $"1 to {SuppressedContact.LongestReason} characters of UTF-8 on one line";

    public static bool IsValid(string text) =>
        !string.IsNullOrWhiteSpace(text)
        && text.Length <= SuppressedContact.LongestReason
        && !text.Any(each => char.IsControl(each) || each == Unreadable);
}
