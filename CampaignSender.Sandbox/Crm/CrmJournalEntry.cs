namespace CampaignSender.Sandbox.Crm;

/// <summary>A request about a contact that the CRM has answered, or not. Only a post names its campaign.</summary>
internal sealed record CrmJournalEntry(
    DateTimeOffset At,
    CrmRequestKind Kind,
    Guid ContactId,
    Guid? CampaignId,
    string Answer
);
