using CampaignSender.Host.Claiming;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Recording;
using CampaignSender.Host.Safety;
using CampaignSender.Host.Telemetry;

namespace CampaignSender.Host;

/// <summary>What becomes of a page's contacts when they were dispatched: recorded, given back, or left to be verified.</summary>
internal sealed partial class PageVerdicts(
    PageClaims held,
    PageRecording recording,
    SafetyWatch safety,
    PageEnd end,
    SenderMetrics metrics,
    ILogger logger
)
{
    private readonly List<Guid> _withheld = [];
    private readonly List<Guid> _failedByTheCrm = [];
    private readonly List<Guid> _inDoubtOfNow = [];
    private readonly List<Guid> _inDoubtUntried = [];
    private readonly Lock _lock = new();

    /// <summary>How many are to be given back.</summary>
    public int Withheld => _withheld.Count;

    /// <summary>Once for each contact that was claimed.</summary>
    public void Settle(ClaimedContact contact, DispatchResult result)
    {
        switch (result)
        {
            case DispatchResult.Sent sent:
                safety.Saw(failureCode: null);
                Record(contact, ContactStatus.Sent, messageId: sent.MessageId);
                break;
            case DispatchResult.Failed failed:
                LogFailed(logger, contact.ContactId, failed.Code, failed.Summary);
                // One that may have got its message says nothing of the campaign.
                if (failed.Code is not FailureCodes.OutcomeUnknown)
                {
                    safety.Saw(failed.Code);
                }

                Record(contact, ContactStatus.Failed, failed.Code, failed.Reason);
                break;
            case DispatchResult.Skipped skipped:
                LogSkipped(
                    logger,
                    skipped.Code is FailureCodes.Suppressed ? "suppressed" : "blocked",
                    contact.ContactId
                );
                Record(contact, ContactStatus.Skipped, skipped.Code, skipped.Reason);
                break;
            case DispatchResult.Withheld withheld:
                GiveBack(contact, withheld.Reason);
                break;
            case DispatchResult.Unverified unverified:
                LogUnverified(logger, contact.ContactId);
                held.Forget(contact.ContactId);
                LeaveInDoubt(contact, unverified);
                break;
        }
    }

    /// <summary>Gives back those who were provably not posted.</summary>
    public async Task Release(CancellationToken cancellationToken)
    {
        try
        {
            await held.Release(_withheld, _failedByTheCrm, cancellationToken);
            metrics.ClaimsReleased(_withheld.Count);
        }
        finally
        {
            // Though somebody has locked one of those: whoever was posted anew must not be given up for an older doubt.
            await held.LeaveInDoubt(_inDoubtOfNow, _inDoubtUntried, cancellationToken);
        }
    }

    private void Record(
        ClaimedContact contact,
        ContactStatus status,
        string? code = null,
        string? reason = null,
        string? messageId = null
    )
    {
        held.Forget(contact.ContactId);
        recording.Add(
            new ContactOutcome
            {
                RowId = contact.RowId,
                ContactId = contact.ContactId,
                ClaimId = held.Id,
                Status = status,
                Code = code,
                Reason = reason,
                MessageId = messageId,
            }
        );
        foreach (var duplicate in contact.DuplicateRowIds)
        {
            recording.Add(
                new ContactOutcome
                {
                    RowId = duplicate,
                    ContactId = contact.ContactId,
                    ClaimId = held.Id,
                    Status = ContactStatus.Skipped,
                    Code = FailureCodes.DuplicateRow,
                    IsDuplicate = true,
                }
            );
        }
    }

    private void LeaveInDoubt(ClaimedContact contact, DispatchResult.Unverified result)
    {
        // Without an earlier doubt there is none to be told from.
        if (contact.UncertainFor is not null)
        {
            lock (_lock)
            {
                if (result.IsOfNow)
                {
                    _inDoubtOfNow.Add(contact.ContactId);
                }
                else if (result.NotAsked is { } reason && !IsTry(reason))
                {
                    _inDoubtUntried.Add(contact.ContactId);
                }
            }
        }

        // Who is left before the CRM could be asked waits for nothing else.
        end.Note(result.NotAsked is WithheldReason.NotAllowed ? PageHalt.Awaited : PageHalt.Unverified);
        LeaveIfAllAreHindered(result.NotAsked);
    }

    private void GiveBack(ClaimedContact contact, WithheldReason reason)
    {
        lock (_lock)
        {
            _withheld.Add(contact.ContactId);
            if (IsTry(reason))
            {
                _failedByTheCrm.Add(contact.ContactId);
            }
        }

        end.Note(HaltFor(reason));
        LeaveIfAllAreHindered(reason);
    }

    private void LeaveIfAllAreHindered(WithheldReason? reason)
    {
        if (
            reason
            is WithheldReason.Unauthorized
                or WithheldReason.Throttled
                or WithheldReason.CircuitOpen
                or WithheldReason.QuotaUsedUp
        )
        {
            // The next contact would fare no better.
            _ = end.Leave();
        }
    }

    // What may be the contact's own doing. Who waits for days for a pause to end or for a quota must not be the first to fail
    // when the CRM does.
    private static bool IsTry(WithheldReason reason) =>
        reason is WithheldReason.Unavailable or WithheldReason.CircuitOpen or WithheldReason.Unauthorized;

    private static PageHalt HaltFor(WithheldReason reason) =>
        reason switch
        {
            WithheldReason.Unauthorized => PageHalt.Unauthorized,
            WithheldReason.Throttled => PageHalt.Throttled,
            WithheldReason.Unavailable or WithheldReason.CircuitOpen => PageHalt.Unavailable,
            _ => PageHalt.Left,
        };

    [LoggerMessage(Level = LogLevel.Warning, Message = "campaign contact failed: {ContactId}: {Code}: {Summary}")]
    private static partial void LogFailed(ILogger logger, Guid contactId, string code, string summary);

    [LoggerMessage(Level = LogLevel.Information, Message = "skipped: contact {Why}: {ContactId}")]
    private static partial void LogSkipped(ILogger logger, string why, Guid contactId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Whether {ContactId} was posted is not known; its claim is left to expire and the CRM is asked then"
    )]
    private static partial void LogUnverified(ILogger logger, Guid contactId);
}
