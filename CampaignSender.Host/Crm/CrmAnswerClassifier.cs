using System.Net;

namespace CampaignSender.Host.Crm;

/// <summary>The one table that says which answer or fault is certain, which is worth another try, and which is neither.</summary>
internal static class CrmAnswerClassifier
{
    public static CrmAnswerKind Classify(HttpStatusCode status) =>
        (int)status switch
        {
            200 or 201 => CrmAnswerKind.Ok,
            404 => CrmAnswerKind.NotFound,
            401 or 403 => CrmAnswerKind.Unauthorized,
            408 => CrmAnswerKind.Retryable,
            429 => CrmAnswerKind.Throttled,
            >= 400 and < 500 => CrmAnswerKind.Rejected,
            // A gateway gave up on a CRM that may still be at work.
            502 or 504 => CrmAnswerKind.Uncertain,
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
