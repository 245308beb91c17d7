using System.Text.Json;

namespace CampaignSender.Host.Crm;

/// <summary>A contact as the CRM sends it: wrapped in <c>data</c> or, by older versions, plain.</summary>
internal sealed record CrmContactEnvelope
{
    public CrmContact? Data { get; set; }

    /// <summary>Null where the body is no contact.</summary>
    public static CrmContact? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var contact =
                JsonSerializer.Deserialize(body.Span, CrmJson.Default.CrmContactEnvelope)?.Data
                ?? JsonSerializer.Deserialize(body.Span, CrmJson.Default.CrmContact);
            // Every contact has an id: without one it is another object, which must not get a message full of gaps.
            return contact?.Id is null ? null : contact;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
