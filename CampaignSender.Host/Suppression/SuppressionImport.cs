namespace CampaignSender.Host.Suppression;

/// <summary>What an import has done, or would do.</summary>
internal sealed record SuppressionImport
{
    public required long Lines { get; init; }

    /// <summary>Contacts and channels that were on the list before, for no longer.</summary>
    public required long Replaced { get; init; }

    /// <summary>Contacts and channels that were not.</summary>
    public required long Added { get; init; }

    /// <summary>Lines beside one, or an entry, of the same contact and channel that holds for longer, or as long and comes later.</summary>
    public long Overruled => Lines - Replaced - Added;
}
