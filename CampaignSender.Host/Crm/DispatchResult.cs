using System.Runtime.ExceptionServices;

namespace CampaignSender.Host.Crm;

/// <summary>What has become of a contact.</summary>
internal abstract record DispatchResult
{
    private DispatchResult() { }

    internal sealed record Sent(string? MessageId) : DispatchResult;

    /// <summary>
    /// A verdict for good. The summary is fit for logs; the details may quote the CRM: for the database alone.
    /// </summary>
    internal sealed record Failed(string Code, string Summary, string? Details = null) : DispatchResult
    {
        public string Reason => string.IsNullOrEmpty(Details) ? Summary : $"{Summary}: {Details}";
    }

    /// <param name="Reason">For the database alone.</param>
    internal sealed record Skipped(string Code, string? Reason = null) : DispatchResult;

    /// <summary>Certainly not posted, and still to be sent.</summary>
    /// <param name="Fault">What ended it, where that was a fault of our own.</param>
    internal sealed record Withheld(WithheldReason Reason, ExceptionDispatchInfo? Fault = null) : DispatchResult;

    /// <summary>May have been posted; the next owner asks the CRM.</summary>
    /// <param name="IsOfNow">What was in doubt before, if anything, was answered.</param>
    /// <param name="NotAsked">Why the CRM could not be asked, nor would be about others; null: it was.</param>
    internal sealed record Unverified(bool IsOfNow = false, WithheldReason? NotAsked = null) : DispatchResult;
}
