using System.Text.Json;

namespace CampaignSender.Contracts.Json;

internal sealed class CampaignsSendFormat()
    : MessageFormat<CampaignsSend>(
        new FieldSet(
            required:
            [
                FieldNames.CampaignId,
                FieldNames.Page,
                FieldNames.TotalPages,
                FieldNames.ContactIds,
                FieldNames.TemplateId,
                FieldNames.ChannelType,
                FieldNames.CorrelationId,
            ],
            optional: [FieldNames.PackKey]
        )
    )
{
    public override CampaignsSend Read(ref MessageReader reader, MessageLimits limits)
    {
        Guid campaignId = default;
        Guid templateId = default;
        Guid correlationId = default;
        var page = 0;
        var totalPages = 0;
        IReadOnlyList<Guid> contactIds = [];
        ChannelType channelType = default;
        string? packKey = null;

        while (reader.NextField())
        {
            switch (reader.Field)
            {
                case FieldNames.CampaignId:
                    campaignId = reader.ReadId();
                    break;
                case FieldNames.Page:
                    page = reader.ReadInteger(minimum: 1);
                    break;
                case FieldNames.TotalPages:
                    totalPages = reader.ReadInteger(minimum: 1);
                    break;
                case FieldNames.ContactIds:
                    contactIds = reader.ReadIds(limits.MaxContactIds);
                    break;
                case FieldNames.TemplateId:
                    templateId = reader.ReadId();
                    break;
                case FieldNames.ChannelType:
                    channelType = reader.ReadEnum(WireEnums.ChannelType);
                    break;
                case FieldNames.PackKey:
                    packKey = reader.ReadText();
                    break;
                case FieldNames.CorrelationId:
                    correlationId = reader.ReadCorrelationId();
                    break;
            }
        }

        // 0 stands for a number that is absent or invalid, which has been reported already.
        if (totalPages > 0 && page > totalPages)
        {
            reader.Report(FieldNames.TotalPages, "must not be less than page");
        }

        return new CampaignsSend
        {
            CampaignId = campaignId,
            Page = page,
            TotalPages = totalPages,
            ContactIds = contactIds,
            TemplateId = templateId,
            ChannelType = channelType,
            PackKey = packKey,
            CorrelationId = correlationId,
        };
    }

    public override void Write(Utf8JsonWriter json, CampaignsSend message)
    {
        json.WriteString(FieldNames.CampaignId, message.CampaignId);
        json.WriteNumber(FieldNames.Page, message.Page);
        json.WriteNumber(FieldNames.TotalPages, message.TotalPages);
        json.WriteStartArray(FieldNames.ContactIds);
        foreach (var contactId in message.ContactIds)
        {
            json.WriteStringValue(contactId);
        }

        json.WriteEndArray();
        json.WriteString(FieldNames.TemplateId, message.TemplateId);
        json.WriteString(FieldNames.ChannelType, WireEnums.ChannelType.NameOf(message.ChannelType));
        if (message.PackKey is not null)
        {
            json.WriteString(FieldNames.PackKey, message.PackKey);
        }

        json.WriteString(FieldNames.CorrelationId, message.CorrelationId);
    }
}
