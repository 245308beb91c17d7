using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace CampaignSender.Sandbox.Crm;

/// <summary>Answers the requests that the real CRM knows, as it does.</summary>
internal sealed class CrmApi(
    CrmDirectory directory,
    CrmThreads threads,
    CrmFaults faults,
    CrmCounters counters,
    CrmJournal journal,
    RequestLimiter limiter
)
{
    private const string ContactsPath = "/api/v1/contacts/";
    private const string TemplatesPath = "/api/v1/message_templates/";
    private const string InboxesPath = "/api/v1/inboxes/";
    private const string InboxTemplates = "/message_templates";
    private const string ConversationsPath = "/api/v1/conversations";

    /// <summary>Of a list that is not asked for whole.</summary>
    private const int TemplatesOfPage = 15;

    public required SimulatedCrmOptions Options { get; init; }

    /// <summary>The time that every answer takes.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Posts wait for it before they are carried out.</summary>
    public Task Released { get; set; } = Task.CompletedTask;

    /// <summary>The contact whose posts alone wait for it; null: all do.</summary>
    public Guid? Held { get; set; }

    public async Task Answer(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (context.Request.Headers["X-Service-Token"] != Options.Token)
        {
            await CrmAnswers.Unauthorized(context.Response);
            return;
        }

        if (limiter.Refuse(TimeProvider.System.GetUtcNow()) is { } seconds)
        {
            await CrmAnswers.TooManyRequests(context.Response, limiter.Limit is { TellsWhen: true } ? seconds : null);
            return;
        }

        if (HttpMethods.IsPost(context.Request.Method) && path == ConversationsPath)
        {
            await AnswerConversation(context);
        }
        else if (HttpMethods.IsGet(context.Request.Method) && Id(path, ContactsPath) is { } contactId)
        {
            await Answer(context, CrmRequestKind.Contact, contactId, null, () => AnswerContact(context, contactId));
        }
        else if (HttpMethods.IsGet(context.Request.Method) && Id(path, TemplatesPath) is { } templateId)
        {
            await Answer(
                context,
                CrmRequestKind.Template,
                null,
                null,
                () => AnswerTemplate(context.Response, templateId)
            );
        }
        else if (HttpMethods.IsGet(context.Request.Method) && Id(path, InboxesPath, InboxTemplates) is { } inboxId)
        {
            await Answer(
                context,
                CrmRequestKind.TemplatesOfInbox,
                null,
                null,
                () => AnswerTemplatesOf(context, inboxId)
            );
        }
        else
        {
            counters.AddUnexpected($"{context.Request.Method} {path}");
            await CrmAnswers.NoSuchPage(context.Response);
        }
    }

    private async Task AnswerConversation(HttpContext context)
    {
        var receivedAt = TimeProvider.System.GetUtcNow();
        ConversationBody body;
        try
        {
            body = ConversationBody.Read(await ReadBody(context.Request));
        }
        catch (JsonException invalid)
        {
            counters.AddUnexpected($"POST {ConversationsPath}: {invalid.Message}");
            await CrmAnswers.Error(context.Response, 400, "BAD_REQUEST", invalid.Message);
            return;
        }

        var kind = body.HasMessage ? CrmRequestKind.Post : CrmRequestKind.Lookup;
        Guid? campaignId = body.HasMessage ? body.CampaignId : null;
        await Answer(
            context,
            kind,
            body.ContactId,
            campaignId,
            () => AnswerConversation(context.Response, body, receivedAt)
        );
    }

    private async Task Answer(
        HttpContext context,
        CrmRequestKind kind,
        Guid? contactId,
        Guid? campaignId,
        Func<Task> carryOut
    )
    {
        counters.Add(kind);
        if (kind is CrmRequestKind.Post && (Held is null || Held == contactId))
        {
            await Released;
        }

        if (Latency > TimeSpan.Zero)
        {
            await Task.Delay(Latency, TimeProvider.System, CancellationToken.None);
        }

        var fault = faults.Next(kind, contactId);
        if (fault is null)
        {
            await carryOut();
        }
        else
        {
            await GoWrong(context, fault, carryOut);
        }

        journal.Write(kind, contactId, campaignId, fault, context.Response.StatusCode);
    }

    private static async Task GoWrong(HttpContext context, FaultRule fault, Func<Task> carryOut)
    {
        if (fault.Delay > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(fault.Delay), TimeProvider.System, CancellationToken.None);
        }

        if (fault.IsCarriedOut)
        {
            // What it would answer goes nowhere.
            var answer = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
            context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
            await carryOut();
            context.Features.Set(answer);
        }

        if (fault.IsCutAfterHeaders)
        {
            await CrmAnswers.HeadersAlone(context.Response, fault.Status ?? StatusCodes.Status201Created);
            return;
        }

        if (fault.Status is not { } status)
        {
            context.Abort();
            return;
        }

        if (fault.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = $"{seconds}";
        }

        if (fault.Body is { } body)
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
        }
        else
        {
            await CrmAnswers.Error(context.Response, status, "SIMULATED_FAULT", "As ordered");
        }
    }

    private Task AnswerContact(HttpContext context, Guid contactId)
    {
        if (directory.Contact(contactId) is not { } contact)
        {
            return CrmAnswers.Error(context.Response, 404, "CONTACT_NOT_FOUND", "Contact not found");
        }

        var shown =
            context.Request.Query["include_contact_inboxes"] == "true"
                ? contact
                : contact with
                {
                    SourceIds = new Dictionary<Guid, string>(),
                };
        return CrmAnswers.Contact(context.Response, shown, Options.IsOlder);
    }

    private Task AnswerTemplate(HttpResponse response, Guid templateId) =>
        Options.IsOlder ? CrmAnswers.NoSuchPage(response)
        : directory.HasTemplate(templateId) ? CrmAnswers.Template(response, templateId)
        : CrmAnswers.Error(response, 404, "TEMPLATE_NOT_FOUND", "Message template not found");

    private Task AnswerTemplatesOf(HttpContext context, Guid inboxId)
    {
        if (Options.IsNewest)
        {
            return CrmAnswers.NoSuchPage(context.Response);
        }

        if (directory.ChannelOf(inboxId) is null)
        {
            return CrmAnswers.Error(context.Response, 404, "INBOX_NOT_FOUND", "Inbox not found");
        }

        var templates = directory.TemplatesOf(inboxId);
        return CrmAnswers.Templates(
            context.Response,
            context.Request.Query["per_page"] == "-1" ? templates : templates.Take(TemplatesOfPage)
        );
    }

    private Task AnswerConversation(HttpResponse response, ConversationBody body, DateTimeOffset receivedAt)
    {
        if (directory.Contact(body.ContactId) is not { } contact)
        {
            return CrmAnswers.Error(response, 404, "CONTACT_NOT_FOUND", "Contact not found");
        }

        if (directory.ChannelOf(body.InboxId) is not { } channel)
        {
            return CrmAnswers.Error(response, 404, "INBOX_NOT_FOUND", "Inbox not found");
        }

        if (ConversationRules.Violation(body, contact, channel) is { } violation)
        {
            return CrmAnswers.Error(response, 422, "VALIDATION_ERROR", violation);
        }

        if (!body.HasMessage)
        {
            return CrmAnswers.Thread(response, threads.Find(body.ContactId, body.InboxId), Options.IsOlder);
        }

        var thread = threads.Append(id => new StoredMessage(
            id,
            body.CampaignId,
            body.ContactId,
            body.InboxId,
            body.SourceId,
            body.Content,
            body.DispatchKey,
            body.TemplateParams,
            receivedAt,
            TimeProvider.System.GetUtcNow()
        ));
        counters.Signal();
        return CrmAnswers.Thread(response, thread, Options.IsOlder);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBody(HttpRequest request)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync();
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static Guid? Id(string path, string before, string after = "") =>
        path.StartsWith(before, StringComparison.Ordinal)
        && path.EndsWith(after, StringComparison.Ordinal)
        && path.Length > before.Length + after.Length
        && Guid.TryParse(path.AsSpan(before.Length, path.Length - before.Length - after.Length), out var id)
            ? id
            : null;
}
