namespace CampaignSender.Host.Recording;

/// <summary>A row whose outcome was written, and the claim that it was held by.</summary>
internal sealed record RecordedRow(Guid RowId, Guid ClaimId);
