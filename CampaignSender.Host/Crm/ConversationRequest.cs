using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CampaignSender.Contracts;

namespace CampaignSender.Host.Crm;

/// <summary>The bodies of <c>POST /api/v1/conversations</c>.</summary>
internal static class ConversationRequest
{
    /// <summary>
    /// Our key in <c>template_params</c>, which the CRM stores verbatim with the message: what proves afterwards that an
    /// uncertain request was carried out.
    /// </summary>
    public const string DispatchKeyProperty = "dispatch_key";

    // Texts travel as they are, without escapes that only HTML needs.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Each is written without a wait, so that nobody else of its thread wants them meanwhile.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <summary>A message to the contact.</summary>
    public static ReadOnlyMemory<byte> Message(DispatchOrder order, CrmContact contact, DateTimeOffset sentAt)
    {
        var json = Start(order, contact);
        json.WriteString("status", "open");
        WriteMessage(json, order, contact, sentAt);
        return End(json);
    }

    /// <summary>
    /// The same without a message: finds the conversation or, where there is none, creates an empty one, and answers with the
    /// thread. Nothing is sent. The conversation gets the status that its inbox has for new ones: versions of the CRM before
    /// 1.0.0-rc6 fail to create one with any other, with 500, and so their message is posted to the one that the look-up made.
    /// </summary>
    public static ReadOnlyMemory<byte> Thread(DispatchOrder order, CrmContact contact) => End(Start(order, contact));

    private static Utf8JsonWriter Start(DispatchOrder order, CrmContact contact)
    {
        _buffer ??= new ArrayBufferWriter<byte>(1024);
        _json ??= new Utf8JsonWriter(_buffer, Options);
        // What broke off may have left something behind.
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        WriteUnlessNull(_json, "source_id", SourceId.Choose(contact, order.InboxId, order.Channel));
        _json.WriteString("inbox_id", order.InboxId);
        _json.WriteString("contact_id", order.ContactId);
        return _json;
    }

    private static byte[] End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.Flush();
        return _buffer!.WrittenSpan.ToArray();
    }

    private static void WriteMessage(
        Utf8JsonWriter json,
        DispatchOrder order,
        CrmContact contact,
        DateTimeOffset sentAt
    )
    {
        json.WriteStartObject("message");
        json.WriteString("content", TemplateRenderer.Render(order.Template.Text, contact));
        json.WriteString("message_type", "outgoing");
        json.WriteBoolean("private", false);
        json.WriteStartObject("content_attributes");
        json.WriteString("campaign_id", order.CampaignId);
        json.WriteString("sent_at", sentAt.UtcDateTime);
        json.WriteEndObject();
        WriteTemplateParameters(json, order, contact);
        json.WriteEndObject();
    }

    private static void WriteTemplateParameters(Utf8JsonWriter json, DispatchOrder order, CrmContact contact)
    {
        json.WriteStartObject("template_params");
        // Newer versions of the CRM take the template by its id, and by name and language only without one: of two with one
        // name, the inbox's own hides the one that all share. Older versions keep it and look at the name.
        WriteUnlessNull(json, "id", order.Template.Id);
        json.WriteString("name", order.Template.Name);
        // The CRM refuses a message with a null among them.
        WriteUnlessNull(json, "category", order.Template.Category);
        WriteUnlessNull(json, "language", order.Template.Language);
        json.WriteStartObject("processed_params");
        foreach (var name in order.Template.Variables)
        {
            json.WriteString(name, Fit(TemplateRenderer.Parameter(name, contact), order.Channel));
        }

        // The CRM writes an e-mail itself, from the template that it finds by id or name: what stands here it puts in the place
        // of the same text in double braces, in body and subject; other placeholders come out empty. Of other channels it
        // knows the variables alone, and for WhatsApp their number and order count.
        if (order.Channel is ChannelType.Email)
        {
            foreach (var (written, value) in TemplateRenderer.Placeholders(order.Template, contact))
            {
                json.WriteString(written, Fit(value, order.Channel));
            }
        }

        json.WriteEndObject();
        // Else the CRM takes a contact's name in double braces for a placeholder of its own, and fills it.
        json.WriteBoolean("variables_resolved", true);
        json.WriteString(DispatchKeyProperty, order.DispatchKey);
        json.WriteEndObject();
    }

    /// <summary>What a contact, or somebody else, has written about it is text, whatever it looks like.</summary>
    private static string Fit(string value, ChannelType channel) =>
        channel switch
        {
            // The CRM puts it into HTML as it is.
            ChannelType.Email => value.Replace("<", "&lt;", StringComparison.Ordinal),
            // Meta refuses these after the CRM has taken the message: nobody would hear of it.
            ChannelType.Whatsapp when value.AsSpan().ContainsAny('\n', '\r', '\t') || value.Contains("     ") =>
                string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            _ => value,
        };

    private static void WriteUnlessNull(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
