namespace CampaignSender.Host.Crm;

/// <summary>Values of <c>campaigns_contacts.failure_code</c>; also the error categories of the metrics.</summary>
internal static class FailureCodes
{
    public const string ContactNotFound = "contact_not_found";
    public const string ContactBlocked = "contact_blocked";
    public const string Suppressed = "suppressed";
    public const string DispatchNetwork = "dispatch_network";
    public const string Dispatch4xx = "dispatch_4xx";
    public const string Dispatch5xx = "dispatch_5xx";
    public const string DispatchUnexpected = "dispatch_unexpected";
    public const string DispatchExhaustedRetries = "dispatch_exhausted_retries";
    public const string OutcomeUnknown = "outcome_unknown";
    public const string DuplicateRow = "duplicate_row";

    /// <summary>What contacts are FAILED for; the rest of the dispatch codes are those of requests.</summary>
    public static IReadOnlyList<string> OfFailed { get; } =
    [ContactNotFound, Dispatch4xx, DispatchExhaustedRetries, OutcomeUnknown];

    public static IReadOnlyList<string> OfSkipped { get; } = [ContactBlocked, Suppressed, DuplicateRow];

    /// <summary>What goes wrong with requests that may be made once more.</summary>
    public static IReadOnlyList<string> OfRequests { get; } =
    [DispatchNetwork, Dispatch4xx, Dispatch5xx, DispatchUnexpected];

    /// <summary>What contacts get no message for.</summary>
    public static IReadOnlyList<string> OfVerdicts { get; } = [.. OfFailed, ContactBlocked, Suppressed];
}
