namespace CampaignSender.Host.Packing;

/// <summary>What became of an order to pack.</summary>
internal sealed record PackedCampaign
{
    public required Guid CampaignId { get; init; }

    /// <summary>Null: it was packed, as far as anybody was to be packed.</summary>
    public PackRefusal? Refusal { get; init; }

    /// <summary>It was completed, and sends again.</summary>
    public bool IsReopened { get; init; }

    public int Contacts { get; init; }
    public int Pages { get; init; }

    /// <summary>They are numbered on from those that the campaign had.</summary>
    public int FirstPage { get; init; }

    /// <summary>Of all the pages; null where there is none.</summary>
    public Guid? CorrelationId { get; init; }
}
