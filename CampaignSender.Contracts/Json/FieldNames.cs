namespace CampaignSender.Contracts.Json;

/// <summary>The names of all fields, as they are on the wire.</summary>
internal static class FieldNames
{
    public const string Action = "action";
    public const string CampaignId = "campaignId";
    public const string ChannelType = "channelType";
    public const string Completed = "completed";
    public const string ContactIds = "contactIds";
    public const string CorrelationId = "correlationId";
    public const string FailedCount = "failedCount";
    public const string PackKey = "packKey";
    public const string Page = "page";
    public const string SentCount = "sentCount";
    public const string TemplateId = "templateId";
    public const string TotalPages = "totalPages";
    public const string TriggeredAt = "triggeredAt";
    public const string TriggeredBy = "triggeredBy";
}
