namespace CampaignSender.Host.Claiming;

/// <summary>A row that is still ours when its claim is to be renewed.</summary>
/// <param name="IsRenewed">False: somebody else has it locked.</param>
internal sealed record HeldRow(Guid ContactId, bool IsRenewed);
