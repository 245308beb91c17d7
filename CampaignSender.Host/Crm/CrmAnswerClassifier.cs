using System.Buffers;
using System.Net;

namespace CampaignSender.Host.Crm;

/// <summary>The one table that says which answer or fault is certain, which is worth another try, and which is neither.</summary>
internal static class CrmAnswerClassifier
{
    /// <summary>
    /// What the CRM says where requests got into each other's way. Several of its versions give a new conversation the
    /// highest number and one, so that first messages at the same time want the same number.
    /// </summary>
    private static readonly SearchValues<string> Collisions = SearchValues.Create(
        // Not any "duplicate key": one that the same contact runs into each time would slow everybody down for ever.
        ["Couldn't find Conversation", "display_id", "deadlock detected", "could not serialize"],
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>
    /// What the CRM says where its own database or Redis failed it: newer versions answer whatever goes wrong with a
    /// conversation as if it were the request's fault. It is rolled back in those that we know.
    /// </summary>
    private static readonly SearchValues<string> Outages = SearchValues.Create(
        [
            "PG::ConnectionBad",
            "PG::UnableToSend",
            "PG::AdminShutdown",
            "PG::CannotConnectNow",
            "PG::ReadOnlySqlTransaction",
            "PG::DiskFull",
            "PG::OutOfMemory",
            "PG::TooManyConnections",
            "PG::DuplicatePstatement",
            "the database system is",
            "too many clients",
            "could not obtain a connection",
            "terminating connection",
            "server closed the connection",
            "statement timeout",
            "lock timeout",
            "Redis::",
            "RedisClient",
            "redis://",
            "Connection refused",
        ],
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>
    /// What Envoy's and Heroku's 503 say when the CRM had the request: its connection ended before the answer, or it is
    /// still at work.
    /// </summary>
    private static readonly SearchValues<string> SignsOfWork = SearchValues.Create(
        ["connection termination", "remote reset", "herokucdn.com"],
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>Of an answer that is no success: what stands behind some statuses is told by the body alone.</summary>
    public static CrmAnswerKind Classify(HttpStatusCode status, ReadOnlyMemory<byte> body) =>
        status switch
        {
            // Rolled back, so certainly not stored. The fewer requests at once, the fewer collide: as with any refusal for speed.
            HttpStatusCode.UnprocessableEntity when CrmErrorBody.DetailsMention(body, Collisions) =>
                CrmAnswerKind.Throttled,
            HttpStatusCode.UnprocessableEntity when CrmErrorBody.DetailsMention(body, Outages) =>
                CrmAnswerKind.Doubtful,
            // The CRM's own has an error in JSON. A gateway that has lost its way to the CRM knows nothing of contacts.
            HttpStatusCode.NotFound when !CrmErrorBody.IsError(body) => CrmAnswerKind.Retryable,
            // Its words are missing: they may have told of an outage.
            HttpStatusCode.UnprocessableEntity when !CrmErrorBody.IsObject(body) => CrmAnswerKind.Doubtful,
            HttpStatusCode.ServiceUnavailable when CrmErrorBody.Mentions(body, SignsOfWork) => CrmAnswerKind.Uncertain,
            // A page for the time of maintenance, to which nobody can POST, or a gateway that is set up anew. Other refusals in
            // its words are of the message: too long, for instance.
            HttpStatusCode.MethodNotAllowed
            or HttpStatusCode.Gone
            or HttpStatusCode.MisdirectedRequest when !CrmErrorBody.IsObject(body) => CrmAnswerKind.Retryable,
            _ => Classify(status),
        };

    public static CrmAnswerKind Classify(HttpStatusCode status) =>
        (int)status switch
        {
            200 or 201 => CrmAnswerKind.Ok,
            404 => CrmAnswerKind.NotFound,
            401 or 403 => CrmAnswerKind.Unauthorized,
            408 => CrmAnswerKind.Retryable,
            429 => CrmAnswerKind.Throttled,
            >= 400 and < 500 => CrmAnswerKind.Rejected,
            // A gateway gave up on a CRM that may still be at work; Cloudflare says so by 520 to 524.
            502 or 504 or (>= 520 and <= 524) => CrmAnswerKind.Uncertain,
            // The CRM's own error may have come after the message was stored: while it wrote its answer, for instance. Nor
            // does 503 say that nobody was there: some gateways give it for a connection that broke off.
            >= 500 => CrmAnswerKind.Doubtful,
            // Another success than the CRM's own: somebody has taken the request, and it may have been carried out.
            >= 200 and < 300 => CrmAnswerKind.Uncertain,
            // Redirects: not what the CRM answers, so something stands between us and it.
            _ => CrmAnswerKind.Retryable,
        };

    public static string? CategoryOf(HttpStatusCode status) =>
        (int)status switch
        {
            200 or 201 => null,
            >= 400 and < 500 => FailureCodes.Dispatch4xx,
            >= 500 => FailureCodes.Dispatch5xx,
            _ => FailureCodes.DispatchUnexpected,
        };

    /// <summary>A request that never left this machine was certainly not carried out.</summary>
    public static CrmAnswerKind Classify(HttpRequestException exception) =>
        exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError
            or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError => CrmAnswerKind.Retryable,
            _ => CrmAnswerKind.Uncertain,
        };
}
