using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignSender.Host.Crm;

internal sealed record CrmContactInbox
{
    [JsonPropertyName("source_id")]
    public string? SourceId { get; set; }

    public JsonElement Inbox { get; set; }

    /// <summary>Whether this is the contact's address in the given inbox.</summary>
    public bool BelongsTo(Guid inboxId) =>
        Inbox.ValueKind is JsonValueKind.Object
        && Inbox.TryGetProperty("id", out var id)
        && id.ValueKind is JsonValueKind.String
        && id.TryGetGuid(out var found)
        && found == inboxId;
}
