using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignSender.Host.Crm;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CrmContactEnvelope))]
[JsonSerializable(typeof(CrmContact))]
internal sealed partial class CrmJson : JsonSerializerContext;
