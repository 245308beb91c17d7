namespace CampaignSender.Host.Claiming;

/// <summary>Where the contacts of a page stand in the database, whoever settled them.</summary>
internal sealed record PageSurvey
{
    public required int Sent { get; init; }
    public required int Failed { get; init; }
    public required int Skipped { get; init; }

    /// <summary>Pending rows of contacts that have a verdict through another row.</summary>
    public required int LeftoverRows { get; init; }

    /// <summary>How long the first claim on a pending contact still holds; null where none is claimed.</summary>
    public required TimeSpan? HeldFor { get; init; }

    /// <summary>Some contacts have no row, and evo-flow has emptied the campaign lately: it may be filling it again.</summary>
    public required bool IsPackedAnew { get; init; }

    /// <summary>evo-flow has emptied the campaign lately: pages that were parked before are held back.</summary>
    public required bool HoldsPagesBack { get; init; }

    /// <summary>Rows of the same packing were deleted: what they said may have to be given back.</summary>
    public required bool HasFormer { get; init; }

    /// <summary>A standby has answered.</summary>
    public required bool IsOfStandby { get; init; }

    public required Guid[] Pending { get; init; }

    public bool IsFinished => Pending.Length == 0;
}
