using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignSender.Host.Crm;

/// <summary>What the CRM knows of a contact: evo-ai-crm, <c>GET /api/v1/contacts/{id}</c>.</summary>
internal sealed record CrmContact
{
    public Guid? Id { get; init; }
    public string? Name { get; init; }
    public string? Email { get; init; }

    [JsonPropertyName("phone_number")]
    public string? PhoneNumber { get; init; }

    public string? Identifier { get; init; }
    public bool Blocked { get; init; }

    [JsonPropertyName("custom_attributes")]
    public JsonElement CustomAttributes { get; init; }

    [JsonPropertyName("contact_inboxes")]
    public IReadOnlyList<CrmContactInbox>? ContactInboxes { get; init; }
}
