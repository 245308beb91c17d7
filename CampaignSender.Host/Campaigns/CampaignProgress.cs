namespace CampaignSender.Host.Campaigns;

/// <summary>Contacts of a campaign by their verdict; one with several rows counts once.</summary>
internal sealed record CampaignProgress
{
    public required long Sent { get; init; }
    public required long Failed { get; init; }
    public required long Skipped { get; init; }
    public required long Pending { get; init; }

    /// <summary>Not that nothing is left to do: evo-flow deletes the contacts while it packs.</summary>
    public bool IsEmpty => Sent + Failed + Skipped + Pending == 0;

    /// <summary>Those that got their verdict in the last minute.</summary>
    public required long SettledInLastMinute { get; init; }

    /// <summary>Over which they got it, in seconds: a minute, or less where nobody had a verdict before.</summary>
    public required double PaceSeconds { get; init; }

    /// <summary>Verdicts a second in the last minute.</summary>
    public double PerSecond => SettledInLastMinute / PaceSeconds;

    /// <summary>At the pace of the last minute; null: nothing moves.</summary>
    public TimeSpan? TimeLeft => SettledInLastMinute > 0 ? TimeSpan.FromSeconds(Pending / PerSecond) : null;
}
