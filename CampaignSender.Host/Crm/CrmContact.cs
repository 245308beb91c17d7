using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignSender.Host.Crm;

/// <summary>
/// What the CRM knows of a contact: evo-ai-crm, <c>GET /api/v1/contacts/{id}</c>. Its properties are set, not initialized:
/// the source generator passes those that are initialized through a constructor, which boxes them and is slower.
/// </summary>
internal sealed record CrmContact
{
    public Guid? Id { get; set; }
    public string? Name { get; set; }
    public string? Email { get; set; }

    [JsonPropertyName("phone_number")]
    public string? PhoneNumber { get; set; }

    public string? Identifier { get; set; }
    public bool Blocked { get; set; }

    [JsonPropertyName("custom_attributes")]
    public JsonElement CustomAttributes { get; set; }

    [JsonPropertyName("contact_inboxes")]
    public IReadOnlyList<CrmContactInbox?>? ContactInboxes { get; set; }
}
