namespace CampaignSender.Host.Recording;

/// <summary>A row that the claim held when its outcome was to be written.</summary>
/// <param name="IsWritten">False: somebody else has it locked.</param>
internal sealed record RecordedRow(Guid RowId, Guid ClaimId, bool IsWritten);
