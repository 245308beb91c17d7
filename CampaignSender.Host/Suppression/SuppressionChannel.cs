using CampaignSender.Contracts;

namespace CampaignSender.Host.Suppression;

/// <summary>A channel's name as it stands in the list.</summary>
internal static class SuppressionChannel
{
    public const string Every = "*";

    private static readonly string[] Names = [.. Enum.GetValues<ChannelType>().Select(NameOf)];

    public static string Expected { get; } = $"{string.Join(", ", Names)}, or {Every} for every channel";

    public static string NameOf(ChannelType channel) => channel.ToString().ToLowerInvariant();

    /// <summary>Null: there is no such channel. None at all means every one.</summary>
    public static string? Parse(string? text) =>
        string.IsNullOrEmpty(text) || text == Every
            ? Every
            : Names.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
}
