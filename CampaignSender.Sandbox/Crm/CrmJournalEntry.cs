namespace CampaignSender.Sandbox.Crm;

/// <summary>A request of a contact that the CRM has answered, or not.</summary>
internal sealed record CrmJournalEntry(DateTimeOffset At, CrmRequestKind Kind, Guid ContactId, string Answer);
