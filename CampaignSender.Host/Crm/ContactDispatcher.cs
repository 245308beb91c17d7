using System.Runtime.ExceptionServices;
using CampaignSender.Contracts;
using CampaignSender.Host.Pacing;

namespace CampaignSender.Host.Crm;

/// <summary>Brings one claimed contact to a result: hydrate, render, post, and verify where it is not certain.</summary>
internal sealed class ContactDispatcher(
    CrmClient crm,
    CrmCondition condition,
    CrmThrottle throttle,
    InboxPacer pacer,
    QuotaKeeper quotas,
    DispatchSlots slots,
    DispatchRetry retry,
    DispatchVerification verification,
    DispatchVerdicts verdicts,
    TimeProvider time
)
{
    /// <summary>
    /// <paramref name="leave"/> ends waits and requests that send nothing, but for one that finds out whether the CRM is back.
    /// A message on the wire is finished unless <paramref name="abandon"/> is cancelled: then nobody knows, and the next owner
    /// asks the CRM.
    /// <paramref name="slot"/> may be taken already, and may still be afterwards.
    /// </summary>
    public async Task<DispatchResult> Dispatch(
        DispatchOrder order,
        DispatchSlot slot,
        CancellationToken leave,
        CancellationToken abandon
    )
    {
        Posting? posting = null;
        try
        {
            if (order.UncertainFor is null && await order.ReasonAgainst(leave) is { } reason)
            {
                return verdicts.Of(order, Suppressed(reason));
            }

            var hydrated = await retry.Execute(Hydrate, (order, slot, abandon), leave);
            if (!hydrated.IsOk)
            {
                return verdicts.WithoutContact(order, hydrated);
            }

            posting = new Posting(order, hydrated.Contact!, slot, abandon);
            var answer = await retry.Execute(Attempt, posting, leave);
            answer = await Conclude(posting, answer, leave);
            return verdicts.Of(order, answer, posting);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested || abandon.IsCancellationRequested)
        {
            return verdicts.Of(order, await LastLook(posting) ?? NotMade, posting);
        }
        // Else the claim is left to run out, and the next owner asks the CRM.
        catch (Exception exception) when (!DispatchVerdicts.IsUncertain(order, posting))
        {
            return new DispatchResult.Withheld(WithheldReason.Fault, ExceptionDispatchInfo.Capture(exception));
        }
    }

    /// <summary>The same up to the message, which is not posted: the contact where it would be, else the result.</summary>
    public async Task<(CrmContact? Contact, DispatchResult? Result)> Rehearse(
        DispatchOrder order,
        CancellationToken cancellationToken
    )
    {
        if (await order.ReasonAgainst(cancellationToken) is { } reason)
        {
            return (null, verdicts.Of(order, Suppressed(reason)));
        }

        using var slot = slots.Open(order.CampaignId).Open();
        var hydrated = await retry.Execute(Hydrate, (order, slot, cancellationToken), cancellationToken);
        if (hydrated.Contact is not { } contact)
        {
            return (null, verdicts.WithoutContact(order, hydrated));
        }

        if (contact.Blocked)
        {
            return (null, verdicts.Of(order, Blocked));
        }

        return SourceId.Missing(contact, order.InboxId, order.Channel) is { } missing
            ? (null, new DispatchResult.Failed(FailureCodes.Dispatch4xx, missing))
            : (contact, null);
    }

    private static CrmAnswer NotMade { get; } = new() { Kind = CrmAnswerKind.NotMade };

    private static CrmAnswer Blocked { get; } = new() { Kind = CrmAnswerKind.Blocked };

    private static CrmAnswer QuotaUsedUp { get; } = new() { Kind = CrmAnswerKind.QuotaUsedUp };

    private static CrmAnswer Unreachable(string missing) =>
        new()
        {
            Kind = CrmAnswerKind.Rejected,
            Category = FailureCodes.Dispatch4xx,
            Summary = missing,
        };

    private static CrmAnswer Suppressed(string reason) => new() { Kind = CrmAnswerKind.Suppressed, Details = reason };

    private async ValueTask<CrmAnswer> Hydrate(
        (DispatchOrder Order, DispatchSlot Slot, CancellationToken Abandon) contact,
        CancellationToken cancellationToken
    )
    {
        await contact.Slot.Take(cancellationToken);
        var answer = await crm.GetContact(contact.Order.ContactId, cancellationToken, contact.Abandon);
        if (!answer.IsOk)
        {
            contact.Slot.Return();
        }

        return answer;
    }

    private async ValueTask<CrmAnswer> Attempt(Posting posting, CancellationToken cancellationToken)
    {
        if (posting.IsUncertain && await verification.Decide(posting, cancellationToken) is { } decided)
        {
            return decided;
        }

        if (posting.Contact.Blocked)
        {
            return Blocked;
        }

        // The CRM takes such a message and sends it to nobody; what it needs for other channels it asks for itself.
        var (order, contact) = (posting.Order, posting.Contact);
        if (
            order.Channel is ChannelType.Email
            && SourceId.Missing(contact, order.InboxId, order.Channel) is { } missing
        )
        {
            return Unreachable(missing);
        }

        var answer = await PostInTurn(posting, cancellationToken);

        // Of two first messages at once, of two campaigns, the CRM takes the address that it has just kept for the one for a
        // stranger's, and refuses what it makes of it. Once the other is done it finds it.
        return answer is { Kind: CrmAnswerKind.Rejected, IsOfAddress: true }
            ? await PostInTurn(posting, cancellationToken)
            : answer;
    }

    private async ValueTask<CrmAnswer> PostInTurn(Posting posting, CancellationToken cancellationToken)
    {
        // Those who waited for the throttle or the database together must not all post at once when it is over. They queue
        // once more, and no more often: else a slow one would let nobody post.
        for (var isFirst = true; ; isFirst = false)
        {
            var turn = await TakeTurnAndSlot(posting, cancellationToken);
            switch (await throttle.EnterAhead(isFirst ? turn : null, cancellationToken))
            {
                case ThrottleVerdict.Held:
                    return CrmAnswer.Held;
                case ThrottleVerdict.TooLate:
                    continue;
            }

            if (await PostOn(turn, mustBeValid: isFirst, posting, cancellationToken) is { } answer)
            {
                return answer;
            }
        }
    }

    private async ValueTask<Turn> TakeTurnAndSlot(Posting posting, CancellationToken cancellationToken)
    {
        var taking = pacer.Take(posting.Order.InboxId, posting.Order.CampaignId, posting.Slot.Page, cancellationToken);
        if (!taking.IsCompleted)
        {
            // One that waits for its inbox must not hold up the others.
            posting.Slot.Return();
        }

        var turn = await taking;
        await posting.Slot.Take(cancellationToken);
        return turn;
    }

    /// <summary>Null: turn or ticket ran out while the database was waited for, and nothing was posted.</summary>
    private async ValueTask<CrmAnswer?> PostOn(
        Turn turn,
        bool mustBeValid,
        Posting posting,
        CancellationToken cancellationToken
    )
    {
        (turn, var ticket) = await TakeTicket(posting, turn, cancellationToken);
        if (!ticket.IsGranted)
        {
            return QuotaUsedUp;
        }

        var answer = NotMade;
        try
        {
            if (await ReasonNotToPost(posting, cancellationToken) is { } reason)
            {
                return answer = reason;
            }

            if (mustBeValid && !(turn.IsValid && ticket.IsValid))
            {
                return null;
            }

            // What is counted in the past would be one message too many there.
            return ticket.IsValid ? answer = await Post(posting, ticket, cancellationToken) : answer;
        }
        finally
        {
            // Whatever ended it: the database may be away, or the campaign paused, when it is asked whether it may be posted.
            if (posting.IsUncertain)
            {
                posting.Took(ticket);
            }
            else if (!answer.IsOk)
            {
                ticket.GiveBack();
            }
        }
    }

    /// <summary>Null: it may be posted now, and nothing may wait between that and the request.</summary>
    private static async ValueTask<CrmAnswer?> ReasonNotToPost(Posting posting, CancellationToken cancellationToken)
    {
        // Where the permission had to be waited for, somebody may have objected meanwhile.
        for (var isFirst = true; ; isFirst = false)
        {
            if (await posting.Order.ReasonAgainst(cancellationToken) is { } reason)
            {
                return Suppressed(reason);
            }

            var permission = posting.Order.MayDispatch(cancellationToken);
            var isKnown = permission.IsCompleted;
            if (!await permission)
            {
                return NotMade;
            }

            if (isKnown || !isFirst)
            {
                return null;
            }
        }
    }

    /// <summary>While the turn is good: the database may have to be waited for.</summary>
    private async ValueTask<(Turn Turn, QuotaTicket Ticket)> TakeTicket(
        Posting posting,
        Turn turn,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            while (!turn.IsValid)
            {
                turn = await TakeTurnAndSlot(posting, cancellationToken);
            }

            var ticket = await quotas.Take(posting.Order.InboxId, cancellationToken);
            if (!ticket.IsGranted || turn.IsValid)
            {
                return (turn, ticket);
            }

            ticket.GiveBack();
        }
    }

    private async Task<CrmAnswer> Post(Posting posting, QuotaTicket ticket, CancellationToken leave)
    {
        var message = ConversationRequest.Message(posting.Order, posting.Contact, time.GetUtcNow());

        // Uncertain until the CRM has answered, whatever ends the wait.
        var permitted = time.GetTimestamp();
        posting.BecomesUncertain(permitted);
        var answer = await crm.PostConversation(
            "dispatch",
            message,
            posting.Order.DispatchKey,
            // A connection may be waited for, and the campaign be paused meanwhile, or the ticket run out.
            () => !leave.IsCancellationRequested && posting.Order.MayStillBeWritten(permitted) && ticket.IsValid,
            posting.Abandon,
            posting.Abandon
        );
        switch (answer.Kind)
        {
            case CrmAnswerKind.Ok or CrmAnswerKind.Uncertain:
                break;
            case CrmAnswerKind.Doubtful:
                posting.Ended();
                break;
            default:
                posting.BecomesCertain();
                break;
        }

        if (answer.IsOk)
        {
            condition.MessageTaken();
        }
        else
        {
            posting.Slot.Return();
        }

        return answer;
    }

    /// <summary>After the last try, one that the CRM has answered can still be decided without a further wait.</summary>
    private async Task<CrmAnswer> Conclude(Posting posting, CrmAnswer answer, CancellationToken cancellationToken) =>
        posting.IsUncertain && answer.Kind is CrmAnswerKind.Doubtful && posting.AtWorkSince is null
            ? await verification.Decide(posting, cancellationToken) ?? answer
            : answer;

    /// <summary>
    /// Whoever has to leave while it waits for another try after an error of the CRM asks what became of the message: that
    /// sends nothing, and else its claim would have to run out first.
    /// </summary>
    private async Task<CrmAnswer?> LastLook(Posting? posting)
    {
        if (posting is not { CanBeAsked: true } || posting.Abandon.IsCancellationRequested)
        {
            return null;
        }

        try
        {
            return await verification.Decide(posting, posting.Abandon);
        }
        catch (OperationCanceledException) when (posting.Abandon.IsCancellationRequested)
        {
            return null;
        }
    }
}
