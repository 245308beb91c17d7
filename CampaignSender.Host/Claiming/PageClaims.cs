using System.Collections.Concurrent;
using CampaignSender.Contracts;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Validation;

namespace CampaignSender.Host.Claiming;

/// <summary>
/// The claims that one delivery of a page holds: taken chunk by chunk, kept alive while contacts wait, given back when
/// they will not be dispatched. A contact may be posted only while <see cref="Covers"/> says so.
/// </summary>
internal sealed partial class PageClaims(
    ClaimStore store,
    ClaimOptions options,
    DispatchOptions dispatch,
    TimeProvider time,
    ILogger<PageClaims> logger,
    CampaignsSend page
)
{
    /// <summary>Contact id to the moment until which its claim surely holds.</summary>
    private readonly ConcurrentDictionary<Guid, Moment> _heldUntil = new();

    public Guid Id { get; } = Guid.NewGuid();

    public async Task<IReadOnlyList<ClaimedContact>> Take(Guid[] contactIds, CancellationToken cancellationToken)
    {
        var asked = Now();
        var rows = await store.Claim(
            page.CampaignId,
            page.CorrelationId,
            contactIds,
            Id,
            options.TimeToLive,
            dispatch.SettleTime,
            dispatch.UnknownAfter,
            cancellationToken
        );
        var contacts = rows.GroupBy(row => row.ContactId).Select(Represent).ToList();
        Hold(contacts.Select(contact => contact.ContactId), asked);
        return contacts;
    }

    /// <summary>
    /// Whether a request to the CRM that starts now ends before anybody else may take the contact over. A process that was
    /// frozen finds out here that its claims are no longer its own. By two clocks: the monotonic one cannot be set, and stands
    /// still while the machine is suspended.
    /// </summary>
    public bool Covers(Guid contactId) =>
        _heldUntil.TryGetValue(contactId, out var until)
        && time.GetElapsedTime(time.GetTimestamp(), until.Timestamp) > dispatch.Timeout
        && until.Utc - time.GetUtcNow() > dispatch.Timeout;

    /// <summary>The contact has a verdict, or its claim is left to expire because nobody knows whether it was posted.</summary>
    public void Forget(Guid contactId) => _heldUntil.TryRemove(contactId, out _);

    /// <param name="contactIds">All of them.</param>
    /// <param name="failedIds">Those among them for whom it was a try.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task Release(
        IReadOnlyCollection<Guid> contactIds,
        IReadOnlyCollection<Guid> failedIds,
        CancellationToken cancellationToken
    )
    {
        if (contactIds.Count == 0)
        {
            return;
        }

        Guid[] ids = [.. contactIds];
        Guid[] failed = [.. failedIds];
        try
        {
            await store.Release(page.CampaignId, ids, failed, Id, cancellationToken);
        }
        catch (Exception exception) when (FaultClassifier.IsLockedOut(exception))
        {
            // One of them must not leave all others in doubt.
            await store.ReleaseAlone(page.CampaignId, ids, failed, Id, cancellationToken);
        }

        foreach (var contactId in contactIds)
        {
            Forget(contactId);
        }
    }

    /// <summary>Leaves claims of contacts in doubt to run out.</summary>
    /// <param name="anewIds">What they were in doubt of was answered, and they are again: for how long counts from now.</param>
    /// <param name="untriedIds">The CRM could not be asked, through no fault of its own: for them it was no try.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task LeaveInDoubt(
        IReadOnlyCollection<Guid> anewIds,
        IReadOnlyCollection<Guid> untriedIds,
        CancellationToken cancellationToken
    ) =>
        anewIds.Count + untriedIds.Count == 0
            ? Task.CompletedTask
            : store.LeaveInDoubt(page.CampaignId, [.. anewIds], [.. untriedIds], Id, cancellationToken);

    /// <summary>Renews what is held, in one statement each time, and returns when it is cancelled.</summary>
    public async Task KeepAlive(CancellationToken cancellationToken)
    {
        // Two renewals may fail before a claim no longer covers a request.
        var interval = (options.TimeToLive - dispatch.Timeout) / 3;
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.NextTick(cancellationToken))
        {
            await TryRenew(cancellationToken);
        }
    }

    private async Task TryRenew(CancellationToken cancellationToken)
    {
        var held = _heldUntil.Keys.ToArray();
        if (held.Length == 0)
        {
            return;
        }

        try
        {
            var asked = Now();
            var ours = await store.Renew(page.CampaignId, held, Id, options.TimeToLive, cancellationToken);
            Prolong(held, ours.ToLookup(row => row.ContactId, row => row.IsRenewed), asked);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The page is done with its claims.
        }
        catch (Exception exception)
        {
            // Claims that are not renewed run out, and what they cover with them: nothing is dispatched on a guess.
            LogRenewalFailed(
                logger,
                FaultLog.StackOf(exception),
                held.Length,
                page.CampaignId,
                FaultLog.CauseOf(exception)
            );
        }
    }

    private void Hold(IEnumerable<Guid> contactIds, Moment asked)
    {
        foreach (var contactId in contactIds)
        {
            _heldUntil[contactId] = EndOfClaim(asked);
        }
    }

    private void Prolong(Guid[] held, ILookup<Guid, bool> ours, Moment asked)
    {
        foreach (var contactId in held)
        {
            if (!ours.Contains(contactId))
            {
                // Somebody else has it, or its row is gone.
                Forget(contactId);
            }
            // One that was forgotten meanwhile stays forgotten: its claim is meant to run out.
            else if (ours[contactId].Contains(true) && _heldUntil.TryGetValue(contactId, out var until))
            {
                _heldUntil.TryUpdate(contactId, EndOfClaim(asked), until);
            }
        }
    }

    private Moment Now() => new(time.GetTimestamp(), time.GetUtcNow());

    private Moment EndOfClaim(Moment asked) =>
        new(
            asked.Timestamp + (long)(options.TimeToLive.TotalSeconds * time.TimestampFrequency),
            asked.Utc + options.TimeToLive
        );

    // Nearly always there is one row: nothing to put in order then.
    private static ClaimedContact Represent(IGrouping<Guid, ClaimedRow> rows) =>
        rows.Count() == 1 ? Represent(rows.Single(), []) : RepresentSeveral(rows);

    // The row that was tried before stays the representative, so that the dispatch key is stable over all attempts.
    private static ClaimedContact RepresentSeveral(IEnumerable<ClaimedRow> rows)
    {
        var ordered = rows.OrderByDescending(row => row.Attempts).ThenBy(row => row.RowId).ToList();
        return Represent(ordered[0], [.. ordered.Skip(1).Select(row => row.RowId)]);
    }

    private static ClaimedContact Represent(ClaimedRow row, IReadOnlyList<Guid> duplicateRowIds) =>
        new()
        {
            RowId = row.RowId,
            ContactId = row.ContactId,
            DuplicateRowIds = duplicateRowIds,
            UncertainFor = row.UncertainFor,
            Attempts = row.Attempts,
        };

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Renewing {Count} claims of campaign {CampaignId} failed: {Reason}; they run out unless the next try succeeds"
    )]
    private static partial void LogRenewalFailed(
        ILogger logger,
        Exception? exception,
        int count,
        Guid campaignId,
        string reason
    );

    private readonly record struct Moment(long Timestamp, DateTimeOffset Utc);
}
