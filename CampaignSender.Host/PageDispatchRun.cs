using System.Runtime.ExceptionServices;
using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Claiming;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Recording;
using CampaignSender.Host.Safety;
using CampaignSender.Host.Suppression;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;
using CampaignSender.Host.Windows;

namespace CampaignSender.Host;

/// <summary>The state of one page's dispatching.</summary>
internal sealed partial class PageDispatchRun(
    CampaignsSend page,
    Guid inboxId,
    CrmTemplate template,
    PageClaims held,
    PageRecording recording,
    PageSuppressions suppressions,
    CampaignGate gate,
    SendingHours hours,
    ContactDispatcher dispatcher,
    PageSlots slots,
    SafetyMonitor safety,
    SenderMetrics metrics,
    PageTracing tracing,
    TimeProvider time,
    ILogger logger,
    CancellationTokenSource leave,
    CancellationToken abandon
)
{
    private readonly List<Guid> _withheld = [];
    private readonly Lock _lock = new();

    /// <summary>The first of a contact that ended in one.</summary>
    private volatile ExceptionDispatchInfo? _fault;

    /// <summary>Why it ended; the gravest reason where there are several.</summary>
    public PageHalt Halt { get; private set; }

    public async Task Run(Guid[] pending, int chunkSize)
    {
        using var done = new CancellationTokenSource();
        var renewing = held.KeepAlive(done.Token);
        try
        {
            var dispatching = DispatchAll(pending, chunkSize);
            await Task.WhenAll(LeaveOnFault(recording.Finished), dispatching);
        }
        catch
        {
            await TryRelease();
            throw;
        }
        finally
        {
            await done.CancelAsync();
            await renewing;
        }

        await Release(CancellationToken.None);
    }

    private async Task Release(CancellationToken cancellationToken)
    {
        await held.Release(_withheld, cancellationToken);
        metrics.ClaimsReleased(_withheld.Count);
    }

    // They were certainly not posted: where their claims ran out, the CRM would be asked about each for nothing.
    private async Task TryRelease()
    {
        try
        {
            await Release(abandon);
        }
        catch (Exception exception)
        {
            // The fault that ended the page is the one to tell of, and these claims run out by themselves.
            LogNotReleased(logger, _withheld.Count, page.CampaignId, FaultLog.CauseOf(exception));
        }
    }

    /// <summary>Claims one chunk ahead of the one being dispatched, so that no slot waits for a claim.</summary>
    private async Task DispatchAll(Guid[] pending, int chunkSize)
    {
        // On the wire or in a back-off; what else is claimed waits for them. A page that is alone may use every slot.
        var most = Math.Max(chunkSize, slots.Most);
        using var window = new SemaphoreSlim(most);
        try
        {
            var chunks = new PageChunks(pending, chunkSize, time);
            var chunk = chunks.Next();
            var claim = Claim(chunk);
            while (!chunk.IsEmpty)
            {
                var contacts = await claim;
                chunk = chunks.Next();
                claim = Claim(chunk);
                foreach (var contact in contacts)
                {
                    await window.WaitAsync(CancellationToken.None);
                    var slot = slots.Open();
                    // Before the contact is begun, so that no more are in memory than have something to do.
                    await slot.Take(leave.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    _ = DispatchIn(window, contact, slot);
                }
            }

            await claim;
        }
        finally
        {
            for (var contact = 0; contact < most; contact++)
            {
                await window.WaitAsync(CancellationToken.None);
            }

            recording.Complete();
        }

        _fault?.Throw();
    }

    private async Task<IReadOnlyList<ClaimedContact>> Claim(ReadOnlyMemory<Guid> chunk)
    {
        if (chunk.IsEmpty || leave.IsCancellationRequested)
        {
            Stop(leave.IsCancellationRequested ? PageHalt.Left : PageHalt.None);
            return [];
        }

        // Not cancelled half-way: a claim that was granted must be known, or it is only freed by its expiry.
        var contacts = await held.Take(chunk.ToArray(), CancellationToken.None);
        metrics.ContactsClaimed(contacts.Count);
        metrics.ClaimsTakenOver(contacts.Count(contact => contact.UncertainFor is not null));
        return contacts;
    }

    private async Task DispatchIn(SemaphoreSlim window, ClaimedContact contact, DispatchSlot slot)
    {
        try
        {
            using var span = tracing.Contact(contact.ContactId);
            Settle(contact, await dispatcher.Dispatch(OrderFor(contact), slot, leave.Token, abandon));
        }
        catch (Exception exception)
        {
            _fault ??= ExceptionDispatchInfo.Capture(exception);
            await Leave();
        }
        finally
        {
            slot.Return();
            window.Release();
        }
    }

    private async Task LeaveOnFault(Task step)
    {
        try
        {
            await step;
        }
        catch
        {
            await Leave();
            throw;
        }
    }

    // Without the database no contact may be dispatched and no outcome is safe: the page ends.
    private Task Leave() => leave.CancelAsync();

    private DispatchOrder OrderFor(ClaimedContact contact) =>
        new()
        {
            CampaignId = page.CampaignId,
            InboxId = inboxId,
            Channel = page.ChannelType,
            Template = template,
            ContactId = contact.ContactId,
            DispatchKey = contact.RowId,
            UncertainFor = contact.UncertainFor,
            Attempts = contact.Attempts,
            ReasonAgainst = token => suppressions.ReasonAgainst(contact.ContactId, token),
            MayDispatch = token => MayDispatch(contact.ContactId, token),
        };

    private async ValueTask<bool> MayDispatch(Guid contactId, CancellationToken cancellationToken)
    {
        await safety.Judged(page.CampaignId);
        if (
            cancellationToken.IsCancellationRequested
            || await gate.Check(page.CampaignId, cancellationToken) is not Passage.Open
        )
        {
            return false;
        }

        if (!await hours.AreOpen(page.CampaignId, cancellationToken))
        {
            // The next contact would fare no better.
            await leave.CancelAsync();
            return false;
        }

        // Last, so that nothing waits between this look at the clock and the request.
        return held.Covers(contactId);
    }

    private void Settle(ClaimedContact contact, DispatchResult result)
    {
        switch (result)
        {
            case DispatchResult.Sent sent:
                safety.Saw(page.CampaignId, failureCode: null);
                Record(contact, ContactStatus.Sent, messageId: sent.MessageId);
                break;
            case DispatchResult.Failed failed:
                LogFailed(logger, contact.ContactId, failed.Code, failed.Summary);
                if (FailureCodes.TellOfTheContact(failed.Code))
                {
                    safety.Saw(page.CampaignId, failed.Code);
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
            default:
                LogUnverified(logger, contact.ContactId);
                held.Forget(contact.ContactId);
                Stop(PageHalt.Unverified);
                break;
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

    private void GiveBack(ClaimedContact contact, WithheldReason reason)
    {
        lock (_lock)
        {
            _withheld.Add(contact.ContactId);
        }

        Stop(HaltFor(reason));
        if (
            reason
            is WithheldReason.Unauthorized
                or WithheldReason.Throttled
                or WithheldReason.CircuitOpen
                or WithheldReason.QuotaUsedUp
        )
        {
            // The next contact would fare no better.
            leave.Cancel();
        }
    }

    private static PageHalt HaltFor(WithheldReason reason) =>
        reason switch
        {
            WithheldReason.Unauthorized => PageHalt.Unauthorized,
            WithheldReason.Throttled => PageHalt.Throttled,
            WithheldReason.Unavailable or WithheldReason.CircuitOpen => PageHalt.Unavailable,
            _ => PageHalt.Left,
        };

    private void Stop(PageHalt halt)
    {
        lock (_lock)
        {
            Halt = (PageHalt)Math.Max((int)Halt, (int)halt);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "campaign contact failed: {ContactId}: {Code}: {Summary}")]
    private static partial void LogFailed(ILogger logger, Guid contactId, string code, string summary);

    [LoggerMessage(Level = LogLevel.Information, Message = "skipped: contact {Why}: {ContactId}")]
    private static partial void LogSkipped(ILogger logger, string why, Guid contactId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} claims of campaign {CampaignId} were not given back: {Reason}; they run out"
    )]
    private static partial void LogNotReleased(ILogger logger, int count, Guid campaignId, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Whether {ContactId} was posted is not known; its claim is left to expire and the CRM is asked then"
    )]
    private static partial void LogUnverified(ILogger logger, Guid contactId);
}
