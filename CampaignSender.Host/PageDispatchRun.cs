using System.Runtime.ExceptionServices;
using CampaignSender.Host.Claiming;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Recording;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;

namespace CampaignSender.Host;

/// <summary>The state of one page's dispatching.</summary>
internal sealed partial class PageDispatchRun(
    Guid campaignId,
    PageClaims held,
    PageRecording recording,
    PageVerdicts verdicts,
    PageOrders orders,
    ContactDispatcher dispatcher,
    PageSlots slots,
    PageEnd end,
    SenderMetrics metrics,
    PageTracing tracing,
    TimeProvider time,
    ILogger logger,
    CancellationToken abandon
)
{
    /// <summary>Ends before the stop of the process does.</summary>
    private static readonly TimeSpan ReleaseTime = TimeSpan.FromSeconds(1);

    /// <summary>The first of a contact that ended in one.</summary>
    private volatile ExceptionDispatchInfo? _fault;

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

        await verdicts.Release(CancellationToken.None);
    }

    // They were certainly not posted: where their claims ran out, the CRM would be asked about each for nothing.
    private async Task TryRelease()
    {
        try
        {
            using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            // When the drain is over too, and for a moment then: it is the post that has not ended, not the database.
            await using var drained = abandon.Register(() => late.CancelAfter(ReleaseTime));
            await verdicts.Release(late.Token);
        }
        catch (Exception exception)
        {
            // The fault that ended the page is the one to tell of, and these claims run out by themselves.
            LogNotReleased(logger, verdicts.Withheld, campaignId, FaultLog.CauseOf(exception));
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
                    await slot.Take(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    _ = DispatchIn(window, contact, slot);
                }
            }

            await claim;
        }
        finally
        {
            slots.AllAreBegun();
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
        if (end.Token.IsCancellationRequested)
        {
            end.Note(PageHalt.Left);
            return [];
        }

        if (chunk.IsEmpty)
        {
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
            var result = await dispatcher.Dispatch(orders.For(contact), slot, end.Token, abandon);
            verdicts.Settle(contact, result);
            if (result is DispatchResult.Withheld { Fault: { } fault })
            {
                await EndWith(fault);
            }
        }
        catch (Exception exception)
        {
            await EndWith(ExceptionDispatchInfo.Capture(exception));
        }
        finally
        {
            slot.Dispose();
            window.Release();
        }
    }

    private Task EndWith(ExceptionDispatchInfo fault)
    {
        _fault ??= fault;
        return end.Leave();
    }

    // Without the database no contact may be dispatched and no outcome is safe: the page ends.
    private async Task LeaveOnFault(Task step)
    {
        try
        {
            await step;
        }
        catch
        {
            await end.Leave();
            throw;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} claims of campaign {CampaignId} were not given back: {Reason}; they run out"
    )]
    private static partial void LogNotReleased(ILogger logger, int count, Guid campaignId, string reason);
}
