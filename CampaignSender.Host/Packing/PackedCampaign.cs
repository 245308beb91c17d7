namespace CampaignSender.Host.Packing;

/// <summary>What became of an order to pack.</summary>
internal sealed record PackedCampaign
{
    public required Guid CampaignId { get; init; }

    /// <summary>False: the campaign is not in a state to be packed; nothing was changed.</summary>
    public required bool IsAllowed { get; init; }

    /// <summary>False: nobody knows how many pages it has; nothing was changed.</summary>
    public bool IsCounted { get; init; } = true;

    /// <summary>
    /// False: its contacts' rows are new, and nobody knows whether for the sending before or for the next one; nothing was
    /// changed.
    /// </summary>
    public bool IsSendingKnown { get; init; } = true;

    /// <summary>It was completed, and sends again.</summary>
    public bool IsReopened { get; init; }

    public int Contacts { get; init; }
    public int Pages { get; init; }

    /// <summary>They are numbered on from those that the campaign had.</summary>
    public int FirstPage { get; init; }

    /// <summary>Of all the pages; null where there is none.</summary>
    public Guid? CorrelationId { get; init; }
}
