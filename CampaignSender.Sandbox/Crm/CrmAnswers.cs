using System.Text.Json;

namespace CampaignSender.Sandbox.Crm;

/// <summary>The bodies of the CRM's answers.</summary>
internal static class CrmAnswers
{
    public static Task Contact(HttpResponse response, SimulatedContact contact, bool isOlder) =>
        Write(
            response,
            200,
            json =>
            {
                StartData(json, isOlder);
                json.WriteString("id", contact.Id);
                json.WriteString("name", contact.Name);
                json.WriteString("email", contact.Email);
                json.WriteString("phone_number", contact.PhoneNumber);
                json.WriteString("identifier", contact.Identifier);
                json.WriteBoolean("blocked", contact.Blocked);
                json.WriteStartObject("custom_attributes");
                foreach (var (name, value) in contact.CustomAttributes)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
                json.WriteStartObject("additional_attributes");
                json.WriteEndObject();
                json.WriteStartArray("contact_inboxes");
                foreach (var (inboxId, sourceId) in contact.SourceIds)
                {
                    json.WriteStartObject();
                    json.WriteString("source_id", sourceId);
                    json.WriteStartObject("inbox");
                    json.WriteString("id", inboxId);
                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                EndData(json, isOlder);
            }
        );

    public static Task Template(HttpResponse response, Guid id) =>
        Write(
            response,
            200,
            json =>
            {
                StartData(json, isOlder: false);
                WriteTemplate(json, id);
                EndData(json, isOlder: false);
            }
        );

    public static Task Templates(HttpResponse response, IEnumerable<Guid> ids) =>
        Write(
            response,
            200,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("data");
                foreach (var id in ids)
                {
                    json.WriteStartObject();
                    WriteTemplate(json, id);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }
        );

    /// <summary>The messages of the whole thread, oldest first.</summary>
    public static Task Thread(HttpResponse response, IReadOnlyList<StoredMessage> messages, bool isOlder) =>
        Write(
            response,
            201,
            json =>
            {
                StartData(json, isOlder);
                json.WriteString("id", messages.Count > 0 ? messages[0].ContactId : Guid.Empty);
                json.WriteStartArray("messages");
                foreach (var message in messages)
                {
                    WriteMessage(json, message, isOlder);
                }

                json.WriteEndArray();
                EndData(json, isOlder);
            }
        );

    public static Task Error(HttpResponse response, int status, string code, string message) =>
        Write(
            response,
            status,
            json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("success", false);
                json.WriteStartObject("error");
                json.WriteString("code", code);
                json.WriteString("message", message);
                json.WriteStartArray("details");
                json.WriteStringValue(message);
                json.WriteEndArray();
                json.WriteEndObject();
                json.WriteEndObject();
            }
        );

    /// <summary>Of an address that it does not know.</summary>
    public static Task NoSuchPage(HttpResponse response)
    {
        response.StatusCode = 404;
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync("<html><h1>The page you were looking for doesn't exist.</h1></html>");
    }

    public static Task TooManyRequests(HttpResponse response, int? retryAfterSeconds)
    {
        if (retryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = $"{seconds}";
        }

        return Error(response, 429, "TOO_MANY_REQUESTS", "Too many requests");
    }

    public static Task Unauthorized(HttpResponse response) =>
        Write(
            response,
            401,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("error", "Invalid service token");
                json.WriteString("code", "SERVICE_TOKEN_UNAUTHORIZED");
                json.WriteEndObject();
            }
        );

    /// <summary>
    /// Promises a body and ends without it: the server then closes the connection. To abort it would take along headers
    /// that the client has not read yet.
    /// </summary>
    public static async Task HeadersAlone(HttpResponse response, int status)
    {
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = 1_000;
        await response.StartAsync();
    }

    private static void WriteTemplate(Utf8JsonWriter json, Guid id)
    {
        json.WriteString("id", id);
        json.WriteString("name", "offer_of_the_week");
        json.WriteString("content", "Hello {{contact.name}}, our offer of the week is waiting for you.");
        json.WriteString("language", "pt_BR");
        json.WriteString("category", "MARKETING");
        json.WriteStartArray("variables");
        json.WriteStartObject();
        json.WriteString("name", "name");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, StoredMessage message, bool isOlder)
    {
        json.WriteStartObject();
        json.WriteNumber("id", message.Id);
        json.WriteString("content", message.Content);
        json.WriteString("message_type", "outgoing");
        if (message.TemplateParams.Length > 0)
        {
            // Newer ones keep them among the message's additional attributes, and show them there.
            if (!isOlder)
            {
                json.WriteStartObject("additional_attributes");
            }

            json.WritePropertyName("template_params");
            json.WriteRawValue(message.TemplateParams.Span, skipInputValidation: true);
            if (!isOlder)
            {
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    private static void StartData(Utf8JsonWriter json, bool isOlder)
    {
        json.WriteStartObject();
        if (!isOlder)
        {
            json.WriteBoolean("success", true);
            json.WriteStartObject("data");
        }
    }

    private static void EndData(Utf8JsonWriter json, bool isOlder)
    {
        if (!isOlder)
        {
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static async Task Write(HttpResponse response, int status, Action<Utf8JsonWriter> write)
    {
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        await using (var json = new Utf8JsonWriter(response.BodyWriter))
        {
            write(json);
        }

        await response.BodyWriter.FlushAsync();
    }
}
