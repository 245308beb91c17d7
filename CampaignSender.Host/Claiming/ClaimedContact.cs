namespace CampaignSender.Host.Claiming;

/// <summary>A contact that this page may dispatch.</summary>
internal sealed record ClaimedContact
{
    /// <summary>The row that stands for the contact; also its dispatch key.</summary>
    public required Guid RowId { get; init; }

    public required Guid ContactId { get; init; }

    /// <summary>Further rows of the same contact in the same campaign.</summary>
    public required IReadOnlyList<Guid> DuplicateRowIds { get; init; }

    /// <summary>
    /// How long it is known that an owner before us let its claim run out: whether it posted is not known. Null where none
    /// did.
    /// </summary>
    public required TimeSpan? UncertainFor { get; init; }

    /// <summary>How often it was claimed, this time included.</summary>
    public required int Attempts { get; init; }
}
