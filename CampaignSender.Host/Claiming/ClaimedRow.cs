namespace CampaignSender.Host.Claiming;

internal sealed record ClaimedRow(Guid RowId, Guid ContactId, int Attempts, TimeSpan? UncertainFor);
