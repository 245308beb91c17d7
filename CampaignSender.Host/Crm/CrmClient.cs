using System.Net;
using System.Net.Http.Headers;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

/// <summary>
/// The requests that we make of the CRM, each answered by one classified <see cref="CrmAnswer"/>. What ends one where two
/// tokens are given is told in <see cref="CrmCircuit"/>.
/// </summary>
internal sealed class CrmClient(
    CrmConnections connections,
    CrmCircuit circuit,
    CrmCondition condition,
    CrmThrottle throttle,
    IOptions<DispatchOptions> options,
    SenderMetrics metrics,
    TimeProvider time
)
{
    /// <summary>All templates of an inbox at once; those of e-mail are pages of HTML.</summary>
    private const int MaxListBytes = 16 * 1024 * 1024;

    private const int MaxDetails = 500;

    /// <summary>Paths are made of our own words and ids: there is nothing to escape or to shorten in them.</summary>
    private static readonly UriCreationOptions _asItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly string _api = $"{connections.BaseUrl.AbsoluteUri}api/v1";
    private readonly Uri _conversations = new(connections.BaseUrl, "api/v1/conversations");

    public Task<CrmAnswer> GetContact(Guid contactId, CancellationToken leave, CancellationToken abandon) =>
        Get(
            new CrmRequest
            {
                Kind = "contact",
                Address = new Uri($"{_api}/contacts/{contactId}?include_contact_inboxes=true", _asItIs),
                NotFound = FailureCodes.ContactNotFound,
                // Another contact's answer, of a proxy that mixes them up, would send this one's message to a stranger.
                ReadBody = body =>
                    CrmContactEnvelope.Read(body) is { } contact && contact.Id == contactId
                        ? new CrmAnswer { Kind = CrmAnswerKind.Ok, Contact = contact }
                        : Unreadable(CrmAnswerKind.Retryable, "contact"),
            },
            leave,
            abandon
        );

    public Task<CrmAnswer> GetTemplate(Guid templateId, CancellationToken cancellationToken) =>
        Get(
            new CrmRequest
            {
                Kind = "template",
                Address = new Uri($"{_api}/message_templates/{templateId}", _asItIs),
                IsOfSomeVersions = true,
                ReadBody = static body =>
                    CrmTemplateReader.ReadOne(body) is { } template
                        ? new CrmAnswer { Kind = CrmAnswerKind.Ok, Template = template }
                        : Unreadable(CrmAnswerKind.Retryable, "template"),
            },
            cancellationToken,
            cancellationToken
        );

    /// <summary>The template with this id out of the inbox's; an answer without one where it is not among them.</summary>
    public Task<CrmAnswer> FindTemplate(Guid inboxId, Guid templateId, CancellationToken cancellationToken) =>
        Get(
            new CrmRequest
            {
                Kind = "templates",
                Address = new Uri($"{_api}/inboxes/{inboxId}/message_templates?per_page=-1", _asItIs),
                IsOfSomeVersions = true,
                MostBytes = MaxListBytes,
                ReadBody = body =>
                    CrmTemplateReader.TryReadFromList(body, templateId, out var template)
                        ? new CrmAnswer { Kind = CrmAnswerKind.Ok, Template = template }
                        : Unreadable(CrmAnswerKind.Retryable, "list of templates"),
            },
            cancellationToken,
            cancellationToken
        );

    /// <summary>
    /// Posts a message, or, without one in the body, asks for the thread. A success that does not show the thread is
    /// doubtful: it may come from something that stands between us and the CRM. The caller has entered the throttle: between
    /// the last look at whether a message may be posted and the request there must be no wait.
    /// </summary>
    public ValueTask<CrmAnswer> PostConversation(
        string kind,
        ReadOnlyMemory<byte> body,
        Guid dispatchKey,
        Func<bool>? mayBeWritten,
        CancellationToken leave,
        CancellationToken abandon
    ) =>
        Send(
            new CrmRequest
            {
                Kind = kind,
                Address = _conversations,
                Body = body,
                MayBeWritten = mayBeWritten,
                ReadStream = async (stream, token) =>
                    await ThreadReader.Read(stream, dispatchKey, token) is { } thread
                        ? new CrmAnswer { Kind = CrmAnswerKind.Ok, Thread = thread }
                        : Unreadable(CrmAnswerKind.Doubtful, "thread"),
            },
            leave,
            abandon
        );

    private async Task<CrmAnswer> Get(CrmRequest request, CancellationToken leave, CancellationToken abandon) =>
        await throttle.Enter(leave) ? await Send(request, leave, abandon) : CrmAnswer.Held;

    private ValueTask<CrmAnswer> Send(CrmRequest request, CancellationToken leave, CancellationToken abandon) =>
        circuit.Execute(
            static (state, token) => state.Client.SendMeasured(state.Request, token),
            (Client: this, Request: request),
            leave,
            abandon
        );

    private async ValueTask<CrmAnswer> SendMeasured(CrmRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var answer = await SendInTime(request, cancellationToken);
        if (answer.Kind is CrmAnswerKind.NotMade)
        {
            return answer;
        }

        condition.Answered(answer.Kind);
        throttle.Answered(answer, started);
        metrics.RequestAnswered(request.Kind, answer.Category, time.GetElapsedTime(started));
        return answer;
    }

    private async Task<CrmAnswer> SendInTime(CrmRequest request, CancellationToken cancellationToken)
    {
        // Until the body has been read.
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(options.Value.Timeout);
        using var message = request.ToMessage();
        try
        {
            using var response = await connections.Send(message, late.Token);
            return await Read(request, response, late.Token);
        }
        catch (HttpRequestException exception)
        {
            return NetworkFault(CrmAnswerClassifier.Classify(exception), $"{exception.HttpRequestError}") with
            {
                Fault = FaultLog.CauseOf(exception),
            };
        }
        catch (RequestWithheldException)
        {
            return NetworkFault(CrmAnswerKind.NotMade, "no connection while it might still be posted");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return message.Content is LastMomentContent { IsBegun: false }
                ? NetworkFault(CrmAnswerKind.Retryable, "no connection in time")
                : NetworkFault(CrmAnswerKind.Uncertain, "no answer in time");
        }
    }

    private async Task<CrmAnswer> Read(
        CrmRequest request,
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        var kind = CrmAnswerClassifier.Classify(response.StatusCode);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return kind is CrmAnswerKind.Ok
                ? await ReadSuccess(request, response, stream, cancellationToken)
                : await ReadFailure(request, response, stream, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // The status line is all that we have: an error is an error, a success without a body proves nothing.
            return kind is CrmAnswerKind.Ok
                ? Unreadable(CrmAnswerKind.Doubtful, "answer: the connection broke off")
                : Failure(request, response, body: default);
        }
    }

    private static Task<CrmAnswer> ReadSuccess(
        CrmRequest request,
        HttpResponseMessage response,
        Stream stream,
        CancellationToken cancellationToken
    ) =>
        request.ReadStream?.Invoke(stream, cancellationToken)
        ?? ReadBody(request, response, stream, request.ReadBody!, cancellationToken);

    // A method of its own: what is captured here is made for failures only.
    private Task<CrmAnswer> ReadFailure(
        CrmRequest request,
        HttpResponseMessage response,
        Stream stream,
        CancellationToken cancellationToken
    ) => ReadBody(request, response, stream, body => Failure(request, response, body), cancellationToken);

    private CrmAnswer Failure(CrmRequest request, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        var (code, details) = CrmErrorBody.Read(body, MaxDetails);
        var kind =
            request.IsOfSomeVersions && IsNoAddress(response.StatusCode, body)
                ? CrmAnswerKind.UnknownAddress
                : CrmAnswerClassifier.Classify(response.StatusCode, body);
        return new CrmAnswer
        {
            Kind = kind,
            Category =
                kind is CrmAnswerKind.NotFound ? request.NotFound : CrmAnswerClassifier.CategoryOf(response.StatusCode),
            Summary = code is null ? $"{(int)response.StatusCode}" : $"{(int)response.StatusCode} {code}",
            Details = details,
            IsOfAddress = kind is CrmAnswerKind.Rejected && CrmErrorBody.DetailsName(body, "source_id"),
            RetryAfter = RetryAfter(response.Headers.RetryAfter),
        };
    }

    private static bool IsNoAddress(HttpStatusCode status, ReadOnlyMemory<byte> body) =>
        status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed
        && !CrmErrorBody.IsError(body);

    private static Task<CrmAnswer> ReadBody(
        CrmRequest request,
        HttpResponseMessage response,
        Stream stream,
        Func<ReadOnlyMemory<byte>, CrmAnswer> read,
        CancellationToken cancellationToken
    ) => BoundedBody.Read(stream, response.Content.Headers.ContentLength, request.MostBytes, read, cancellationToken);

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };

    private static CrmAnswer Unreadable(CrmAnswerKind kind, string what) =>
        new()
        {
            Kind = kind,
            Category = FailureCodes.DispatchUnexpected,
            Summary = $"a success without a readable {what}",
        };

    private static CrmAnswer NetworkFault(CrmAnswerKind kind, string summary) =>
        new()
        {
            Kind = kind,
            Category = FailureCodes.DispatchNetwork,
            Summary = summary,
        };
}
