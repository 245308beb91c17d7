using System.Text.Json;

namespace CampaignSender.Host.Crm;

/// <summary>A contact as the CRM sends it: wrapped in <c>data</c> or, by older versions, plain.</summary>
internal sealed record CrmContactEnvelope
{
    public CrmContact? Data { get; init; }

    /// <summary>Null where the body is no contact.</summary>
    public static CrmContact? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, CrmJson.Default.CrmContactEnvelope)?.Data
                ?? JsonSerializer.Deserialize(body.Span, CrmJson.Default.CrmContact);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
