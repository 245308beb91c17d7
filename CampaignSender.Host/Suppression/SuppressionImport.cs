namespace CampaignSender.Host.Suppression;

/// <summary>What an import has done, or would do.</summary>
internal sealed record SuppressionImport
{
    public required long Lines { get; init; }

    /// <summary>Contacts and channels that were on the list before.</summary>
    public required long Replaced { get; init; }

    /// <summary>Contacts and channels that were not.</summary>
    public required long Added { get; init; }

    /// <summary>Lines that a later line of the same contact and channel has overruled.</summary>
    public long Overruled => Lines - Replaced - Added;
}
