namespace CampaignSender.Sandbox.Crm;

/// <summary>A message that the CRM has stored and would send.</summary>
/// <param name="SourceId">Null: the CRM has derived it.</param>
/// <param name="TemplateParams">As it came, byte for byte.</param>
/// <param name="ReceivedAt">When its post came, by the CRM's clock.</param>
/// <param name="StoredAt">By the same clock.</param>
internal sealed record StoredMessage(
    long Id,
    Guid CampaignId,
    Guid ContactId,
    Guid InboxId,
    string? SourceId,
    string Content,
    string? DispatchKey,
    ReadOnlyMemory<byte> TemplateParams,
    DateTimeOffset ReceivedAt,
    DateTimeOffset StoredAt
);
