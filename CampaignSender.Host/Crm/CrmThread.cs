using System.Text.Json;

namespace CampaignSender.Host.Crm;

/// <summary>Reads the thread that the CRM answers a POST with: messages oldest first, wrapped in <c>data</c> or plain.</summary>
internal static class CrmThread
{
    /// <summary>The id of the last message, which is ours where we just posted one; null where none can be read.</summary>
    public static string? LastMessageId(ReadOnlyMemory<byte> body) =>
        Read(body, messages => messages.GetArrayLength() is var count and > 0 ? IdOf(messages[count - 1]) : null);

    /// <summary>
    /// Whether the thread holds a message with this dispatch key, and its id; null where the body shows no messages.
    /// </summary>
    public static CrmThreadSearch? Find(ReadOnlyMemory<byte> body, string dispatchKey) =>
        Read(
            body,
            messages =>
            {
                foreach (var message in messages.EnumerateArray())
                {
                    if (KeyOf(message) == dispatchKey)
                    {
                        return new CrmThreadSearch(true, IdOf(message));
                    }
                }

                return new CrmThreadSearch(false, null);
            }
        );

    private static TResult? Read<TResult>(ReadOnlyMemory<byte> body, Func<JsonElement, TResult?> read)
        where TResult : class
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var thread =
                root.ValueKind is JsonValueKind.Object && root.TryGetProperty("data", out var data) ? data : root;
            return
                thread.ValueKind is JsonValueKind.Object
                && thread.TryGetProperty("messages", out var messages)
                && messages.ValueKind is JsonValueKind.Array
                ? read(messages)
                : null;
        }
        catch (Exception exception) when (CrmJson.IsUnreadable(exception))
        {
            return null;
        }
    }

    private static string? IdOf(JsonElement message) =>
        message.ValueKind is JsonValueKind.Object && message.TryGetProperty("id", out var id) ? id.ToString() : null;

    private static string? KeyOf(JsonElement message) =>
        message.ValueKind is JsonValueKind.Object
        && message.TryGetProperty("template_params", out var parameters)
        && parameters.ValueKind is JsonValueKind.Object
        && parameters.TryGetProperty(ConversationRequest.DispatchKeyProperty, out var key)
        && key.ValueKind is JsonValueKind.String
            ? key.GetString()
            : null;
}
