using System.Text.Json;

namespace CampaignSender.Contracts.Json;

internal sealed class CampaignsControlFormat()
    : MessageFormat<CampaignsControl>(
        new FieldSet(required: [FieldNames.CampaignId, FieldNames.Action, FieldNames.CorrelationId], optional: [])
    )
{
    public override CampaignsControl Read(ref MessageReader reader, MessageLimits limits)
    {
        Guid campaignId = default;
        Guid correlationId = default;
        ControlAction action = default;

        while (reader.NextField())
        {
            switch (reader.Field)
            {
                case FieldNames.CampaignId:
                    campaignId = reader.ReadId();
                    break;
                case FieldNames.Action:
                    action = reader.ReadEnum(WireEnums.ControlAction);
                    break;
                case FieldNames.CorrelationId:
                    correlationId = reader.ReadCorrelationId();
                    break;
            }
        }

        return new CampaignsControl
        {
            CampaignId = campaignId,
            Action = action,
            CorrelationId = correlationId,
        };
    }

    public override void Write(Utf8JsonWriter json, CampaignsControl message)
    {
        json.WriteString(FieldNames.CampaignId, message.CampaignId);
        json.WriteString(FieldNames.Action, WireEnums.ControlAction.NameOf(message.Action));
        json.WriteString(FieldNames.CorrelationId, message.CorrelationId);
    }
}
