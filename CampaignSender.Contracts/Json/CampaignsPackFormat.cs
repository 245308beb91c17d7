using System.Text.Json;

namespace CampaignSender.Contracts.Json;

internal sealed class CampaignsPackFormat()
    : MessageFormat<CampaignsPack>(
        new FieldSet(
            required: [FieldNames.CampaignId, FieldNames.TriggeredAt, FieldNames.TriggeredBy, FieldNames.CorrelationId],
            optional: []
        )
    )
{
    public override CampaignsPack Read(ref MessageReader reader, MessageLimits limits)
    {
        Guid campaignId = default;
        Guid correlationId = default;
        DateTimeOffset triggeredAt = default;
        PackTrigger triggeredBy = default;

        while (reader.NextField())
        {
            switch (reader.Field)
            {
                case FieldNames.CampaignId:
                    campaignId = reader.ReadId();
                    break;
                case FieldNames.TriggeredAt:
                    triggeredAt = reader.ReadTime();
                    break;
                case FieldNames.TriggeredBy:
                    triggeredBy = reader.ReadEnum(WireEnums.PackTrigger);
                    break;
                case FieldNames.CorrelationId:
                    correlationId = reader.ReadCorrelationId();
                    break;
            }
        }

        return new CampaignsPack
        {
            CampaignId = campaignId,
            TriggeredAt = triggeredAt,
            TriggeredBy = triggeredBy,
            CorrelationId = correlationId,
        };
    }

    public override void Write(Utf8JsonWriter json, CampaignsPack message)
    {
        json.WriteString(FieldNames.CampaignId, message.CampaignId);
        json.WriteString(FieldNames.TriggeredAt, message.TriggeredAt);
        json.WriteString(FieldNames.TriggeredBy, WireEnums.PackTrigger.NameOf(message.TriggeredBy));
        json.WriteString(FieldNames.CorrelationId, message.CorrelationId);
    }
}
