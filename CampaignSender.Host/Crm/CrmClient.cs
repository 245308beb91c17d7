using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

/// <summary>The requests that we make of the CRM, each answered by one classified <see cref="CrmAnswer"/>.</summary>
internal sealed class CrmClient(
    HttpClient http,
    IOptions<DispatchOptions> options,
    SenderMetrics metrics,
    TimeProvider time
)
{
    /// <summary>Bytes of an answer that are read; a longer one is cut off, so that no answer can exhaust the memory.</summary>
    public const int MaxBodyBytes = 4 * 1024 * 1024;

    private const int MaxDetails = 500;

    public Task<CrmAnswer> GetContact(Guid contactId, CancellationToken cancellationToken) =>
        Get("contact", $"api/v1/contacts/{contactId}?include_contact_inboxes=true", cancellationToken);

    public Task<CrmAnswer> GetTemplate(Guid templateId, CancellationToken cancellationToken) =>
        Get("template", $"api/v1/message_templates/{templateId}", cancellationToken);

    public Task<CrmAnswer> GetTemplatesOfInbox(Guid inboxId, CancellationToken cancellationToken) =>
        Get("templates", $"api/v1/inboxes/{inboxId}/message_templates?per_page=-1", cancellationToken);

    /// <summary>Posts a message, or, without one in the body, asks for the thread.</summary>
    public Task<CrmAnswer> PostConversation(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/conversations")
        {
            Content = new ReadOnlyMemoryContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        return Send("dispatch", request, cancellationToken);
    }

    private Task<CrmAnswer> Get(string kind, string path, CancellationToken cancellationToken) =>
        Send(kind, new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    private async Task<CrmAnswer> Send(string kind, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var answer = await SendOnce(request, cancellationToken);
        metrics.RequestAnswered(kind, answer.Category, time.GetElapsedTime(started));
        return answer;
    }

    private async Task<CrmAnswer> SendOnce(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // HttpClient's own limit ends with the headers; this one holds until the body has been read.
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(options.Value.Timeout);
        using (request)
        {
            try
            {
                using var response = await http.SendAsync(
                    request,
                    HttpCompletionOption.ResponseHeadersRead,
                    late.Token
                );
                return await Read(response, late.Token);
            }
            catch (HttpRequestException exception)
            {
                return NetworkFault(CrmAnswerClassifier.Classify(exception), $"{exception.HttpRequestError}");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return NetworkFault(CrmAnswerKind.Uncertain, "no answer in time");
            }
        }
    }

    private async Task<CrmAnswer> Read(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var kind = CrmAnswerClassifier.Classify(response.StatusCode);
        var body = await ReadBody(response, cancellationToken);
        if (kind is CrmAnswerKind.Ok)
        {
            return new CrmAnswer { Kind = kind, Body = body };
        }

        var (code, details) = CrmErrorBody.Read(body, MaxDetails);
        return new CrmAnswer
        {
            Kind = kind,
            Category = CrmAnswerClassifier.CategoryOf(response.StatusCode),
            Summary = code is null ? $"{(int)response.StatusCode}" : $"{(int)response.StatusCode} {code}",
            Details = details,
            RetryAfter = RetryAfter(response.Headers.RetryAfter),
        };
    }

    /// <summary>The status line has decided; a body that breaks off changes nothing about that.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadBody(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await BoundedBody.Read(
                stream,
                response.Content.Headers.ContentLength,
                MaxBodyBytes,
                cancellationToken
            );
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return default;
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };

    private static CrmAnswer NetworkFault(CrmAnswerKind kind, string summary) =>
        new()
        {
            Kind = kind,
            Category = FailureCodes.DispatchNetwork,
            Summary = summary,
        };
}
