namespace CampaignSender.Host.Claiming;

/// <summary>A contact that this page may dispatch.</summary>
internal sealed record ClaimedContact
{
    /// <summary>The row that stands for the contact; also its dispatch key.</summary>
    public required Guid RowId { get; init; }

    public required Guid ContactId { get; init; }

    /// <summary>Further rows of the same contact in the same campaign.</summary>
    public required IReadOnlyList<Guid> DuplicateRowIds { get; init; }

    /// <summary>An owner before us let its claim expire: whether it posted is unknown.</summary>
    public required bool WasExpired { get; init; }
}
