using System.Text.Json;

namespace CampaignSender.Contracts.Json;

internal sealed class CampaignsTrackedFormat()
    : MessageFormat<CampaignsTracked>(
        new FieldSet(
            required:
            [
                FieldNames.CampaignId,
                FieldNames.Page,
                FieldNames.SentCount,
                FieldNames.FailedCount,
                FieldNames.Completed,
                FieldNames.CorrelationId,
            ],
            optional: []
        )
    )
{
    public override CampaignsTracked Read(ref MessageReader reader, MessageLimits limits)
    {
        Guid campaignId = default;
        Guid correlationId = default;
        var page = 0;
        var sentCount = 0;
        var failedCount = 0;
        var completed = false;

        while (reader.NextField())
        {
            switch (reader.Field)
            {
                case FieldNames.CampaignId:
                    campaignId = reader.ReadId();
                    break;
                case FieldNames.Page:
                    page = reader.ReadInteger(minimum: 0);
                    break;
                case FieldNames.SentCount:
                    sentCount = reader.ReadInteger(minimum: 0);
                    break;
                case FieldNames.FailedCount:
                    failedCount = reader.ReadInteger(minimum: 0);
                    break;
                case FieldNames.Completed:
                    completed = reader.ReadBoolean();
                    break;
                case FieldNames.CorrelationId:
                    correlationId = reader.ReadCorrelationId();
                    break;
            }
        }

        return new CampaignsTracked
        {
            CampaignId = campaignId,
            Page = page,
            SentCount = sentCount,
            FailedCount = failedCount,
            Completed = completed,
            CorrelationId = correlationId,
        };
    }

    public override void Write(Utf8JsonWriter json, CampaignsTracked message)
    {
        json.WriteString(FieldNames.CampaignId, message.CampaignId);
        json.WriteNumber(FieldNames.Page, message.Page);
        json.WriteNumber(FieldNames.SentCount, message.SentCount);
        json.WriteNumber(FieldNames.FailedCount, message.FailedCount);
        json.WriteBoolean(FieldNames.Completed, message.Completed);
        json.WriteString(FieldNames.CorrelationId, message.CorrelationId);
    }
}
