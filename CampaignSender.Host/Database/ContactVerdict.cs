namespace CampaignSender.Host.Database;

/// <summary>
/// What the rows of a contact in a campaign say of it (ADR 1): expressions for the statements of several rooms over
/// <c>campaigns_contacts</c>, so that all mean the same by it.
/// </summary>
internal static class ContactVerdict
{
    /// <summary>A row that tells nothing: another one of the contact has, or had, its verdict.</summary>
    public const string IsDuplicate = "(status = 'SKIPPED' AND failure_code IS NOT DISTINCT FROM 'duplicate_row')";

    /// <summary>The verdict of a contact whose rows are aggregated; null where it has none.</summary>
    public const string Expression = $"""
        CASE
            WHEN bool_or(status = 'SENT') THEN 'SENT'
            WHEN bool_or(status = 'FAILED') THEN 'FAILED'
            WHEN bool_or(status = 'SKIPPED' AND NOT {IsDuplicate}) THEN 'SKIPPED'
            WHEN count(*) FILTER (WHERE status = 'PENDING') > 0 THEN 'PENDING'
            WHEN count(*) > 0 THEN 'SKIPPED'
        END
        """;
}
