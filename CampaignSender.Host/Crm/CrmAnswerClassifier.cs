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

    /// <summary>The same, for an answer that may be no success: a collision is told from other refusals by its body.</summary>
    public static CrmAnswerKind Classify(HttpStatusCode status, ReadOnlyMemory<byte> body) =>
        // Rolled back, so certainly not stored. The fewer requests at once, the fewer collide: as with any refusal for speed.
        status is HttpStatusCode.UnprocessableEntity
        && CrmErrorBody.DetailsMention(body, Collisions)
            ? CrmAnswerKind.Throttled
            : Classify(status);

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
            // Nobody was there to carry it out.
            503 => CrmAnswerKind.Retryable,
            // The CRM's own error may have come after the message was stored: while it wrote its answer, for instance.
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
            or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError => CrmAnswerKind.Retryable,
            _ => CrmAnswerKind.Uncertain,
        };
}
