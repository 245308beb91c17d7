using System.Text.Json;

namespace CampaignSender.Sandbox.Crm;

/// <summary>What the CRM reads of <c>POST /api/v1/conversations</c>.</summary>
internal sealed record ConversationBody
{
    public required Guid ContactId { get; init; }
    public required Guid InboxId { get; init; }

    /// <summary>Null where it was left out.</summary>
    public string? SourceId { get; init; }

    public bool HasMessage { get; init; }
    public string Content { get; init; } = "";
    public Guid CampaignId { get; init; }
    public string? DispatchKey { get; init; }
    public ReadOnlyMemory<byte> TemplateParams { get; init; }

    /// <summary>Of the template; without a template too.</summary>
    public bool HasProcessedParams { get; init; } = true;

    /// <exception cref="JsonException">It is no JSON, or not of the form that is expected.</exception>
    public static ConversationBody Read(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        var body = new ConversationBody
        {
            ContactId = Id(root, "contact_id"),
            InboxId = Id(root, "inbox_id"),
            SourceId = root.TryGetProperty("source_id", out var source) ? source.GetString() : null,
        };
        return root.TryGetProperty("message", out var message) ? body.With(message) : body;
    }

    private ConversationBody With(JsonElement message)
    {
        if (message.TryGetProperty("source_id", out _))
        {
            throw new JsonException("message.source_id: the CRM would take it for the channel's own, and not send it");
        }

        var hasParams = message.TryGetProperty("template_params", out var parameters);
        return this with
        {
            HasMessage = true,
            Content = message.GetProperty("content").GetString() ?? "",
            CampaignId = Id(message.GetProperty("content_attributes"), "campaign_id"),
            DispatchKey = hasParams && parameters.TryGetProperty("dispatch_key", out var key) ? key.GetString() : null,
            HasProcessedParams =
                !hasParams
                || (
                    parameters.TryGetProperty("processed_params", out var processed)
                    && processed.ValueKind is JsonValueKind.Object
                ),
            TemplateParams = hasParams ? JsonSerializer.SerializeToUtf8Bytes(parameters) : default,
        };
    }

    private static Guid Id(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.TryGetGuid(out var id)
            ? id
            : throw new JsonException($"{name} is missing or no uuid");
}
