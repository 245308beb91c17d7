namespace CampaignSender.Sandbox.Crm;

/// <summary>A message that the CRM has stored and would send.</summary>
/// <param name="SourceId">Null: the CRM has derived it.</param>
/// <param name="TemplateParams">As it came, byte for byte.</param>
/// <param name="StoredAt">By the CRM's clock.</param>
internal sealed record StoredMessage(
    long Id,
    Guid CampaignId,
    Guid ContactId,
    Guid InboxId,
    string? SourceId,
    string Content,
    string? DispatchKey,
    ReadOnlyMemory<byte> TemplateParams,
    DateTimeOffset StoredAt
);
