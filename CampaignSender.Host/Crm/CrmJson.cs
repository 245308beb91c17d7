using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignSender.Host.Crm;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CrmContactEnvelope))]
[JsonSerializable(typeof(CrmContact))]
internal sealed partial class CrmJson : JsonSerializerContext
{
    /// <summary>Whether a document is no JSON, or (an invalid operation) holds text that is not Unicode.</summary>
    public static bool IsUnreadable(Exception exception) => exception is JsonException or InvalidOperationException;

    /// <summary>The owner's property; null where it has none, or it is no text.</summary>
    public static string? Text(JsonElement owner, string property) =>
        owner.ValueKind is JsonValueKind.Object
        && owner.TryGetProperty(property, out var value)
        && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
