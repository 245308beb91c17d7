using System.Runtime.ExceptionServices;
using CampaignSender.Contracts;
using CampaignSender.Host.Pacing;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

/// <summary>Brings one claimed contact to a result: hydrate, render, post, and verify where it is not certain.</summary>
internal sealed class ContactDispatcher(
    CrmClient crm,
    CrmCondition condition,
    CrmCircuit circuit,
    CrmThrottle throttle,
    InboxPacer pacer,
    QuotaKeeper quotas,
    DispatchSlots slots,
    DispatchRetry retry,
    DispatchVerification verification,
    IOptions<DispatchOptions> options,
    TimeProvider time
)
{
    /// <summary>
    /// Claims after which a contact that fails is to blame itself, as long as the CRM takes others' messages. Each follows a
    /// parking of up to eight times <c>PARKED_RETRY_MS</c>; those for a pause or a full quota count too.
    /// </summary>
    private const int LongestTrouble = 12;

    /// <summary>
    /// The same where the CRM takes no message at all: none may be left but of such contacts, and their pages must not come
    /// back for ever.
    /// </summary>
    private const int LastResort = 100;

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
                return Result(order, Suppressed(reason));
            }

            var hydrated = await retry.Execute(Hydrate, (order, slot, abandon), leave);
            if (!hydrated.IsOk)
            {
                return WithoutContact(order, hydrated);
            }

            posting = new Posting(order, hydrated.Contact!, slot, abandon);
            var answer = await retry.Execute(Attempt, posting, leave);
            answer = await Conclude(posting, answer, leave);
            return Result(order, answer, posting);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested || abandon.IsCancellationRequested)
        {
            return Result(order, await LastLook(posting) ?? NotMade, posting);
        }
        // Else the claim is left to run out, and the next owner asks the CRM.
        catch (Exception exception) when (!IsUncertain(order, posting))
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
            return (null, Result(order, Suppressed(reason)));
        }

        using var slot = slots.Open(order.CampaignId).Open();
        var hydrated = await retry.Execute(Hydrate, (order, slot, cancellationToken), cancellationToken);
        if (hydrated.Contact is not { } contact)
        {
            return (null, WithoutContact(order, hydrated));
        }

        if (contact.Blocked)
        {
            return (null, Result(order, Blocked));
        }

        return SourceId.Missing(contact, order.InboxId, order.Channel) is { } missing
            ? (null, new DispatchResult.Failed(FailureCodes.Dispatch4xx, missing))
            : (contact, null);
    }

    private static bool IsUncertain(DispatchOrder order, Posting? posting) =>
        posting?.IsUncertain ?? order.UncertainFor is not null;

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

        var taking = TakeTurn(posting, cancellationToken);
        if (!taking.IsCompleted)
        {
            // One that waits for its inbox must not hold up the others.
            posting.Slot.Return();
        }

        var turn = await taking;
        await posting.Slot.Take(cancellationToken);
        if (!await throttle.Enter(cancellationToken))
        {
            return CrmAnswer.Held;
        }

        while (!turn.IsValid)
        {
            turn = await TakeTurn(posting, cancellationToken);
        }

        // Ahead of the leave to post: nothing may wait between that and the request.
        if (await posting.Order.ReasonAgainst(cancellationToken) is { } reason)
        {
            return Suppressed(reason);
        }

        var ticket = await quotas.Take(posting.Order.InboxId, cancellationToken);
        if (!ticket.IsGranted)
        {
            return QuotaUsedUp;
        }

        var answer = NotMade;
        try
        {
            if (await posting.Order.MayDispatch(cancellationToken))
            {
                answer = await Post(posting);
            }

            return answer;
        }
        finally
        {
            // Whatever ended it: the database may be away, or the campaign paused, when it is asked whether it may be posted.
            if (!answer.IsOk && !posting.IsUncertain)
            {
                ticket.GiveBack();
            }
        }
    }

    private ValueTask<Turn> TakeTurn(Posting posting, CancellationToken cancellationToken) =>
        pacer.Take(posting.Order.InboxId, posting.Order.CampaignId, cancellationToken);

    private async Task<CrmAnswer> Post(Posting posting)
    {
        var message = ConversationRequest.Message(posting.Order, posting.Contact, time.GetUtcNow());

        // Uncertain until the CRM has answered, whatever ends the wait.
        posting.BecomesUncertain(time.GetTimestamp());
        var answer = await crm.PostConversation(
            "dispatch",
            message,
            posting.Order.DispatchKey,
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

    // A contact that is gone cannot be sent to, whatever it has got before.
    private DispatchResult WithoutContact(DispatchOrder order, CrmAnswer answer) =>
        answer.Kind switch
        {
            CrmAnswerKind.NotFound => Failed(FailureCodes.ContactNotFound, answer),
            // Its message was not asked for, and never will be where the contact can never be had.
            _ when order.UncertainFor is not null => InDoubt(
                order,
                answer,
                isGivenUp: CanNeverBeHad(answer) && !circuit.IsOpen && IsToBlame(order)
            ),
            // Who may not even ask has a wrong token, whatever the contact.
            CrmAnswerKind.Unauthorized => new DispatchResult.Withheld(WithheldReason.Unauthorized),
            _ => Result(order, answer),
        };

    private static bool CanNeverBeHad(CrmAnswer answer) =>
        answer.Kind is CrmAnswerKind.Rejected || CrmCondition.IsTrouble(answer.Kind);

    private DispatchResult InDoubt(DispatchOrder order, CrmAnswer answer, bool isGivenUp) =>
        isGivenUp && order.UncertainFor > options.Value.UnknownAfter
            ? Unknown(answer)
            : new DispatchResult.Unverified();

    private DispatchResult Result(DispatchOrder order, CrmAnswer answer, Posting? posting = null) =>
        answer.Kind switch
        {
            CrmAnswerKind.Ok => new DispatchResult.Sent(answer.Thread!.MessageId),
            CrmAnswerKind.Unknown => Unknown(answer),
            _ when IsUncertain(order, posting) => InDoubt(
                order,
                answer,
                isGivenUp: WasAsked(order, answer) && !IsDoubtOfNow(order, posting)
            ),
            CrmAnswerKind.Blocked => new DispatchResult.Skipped(FailureCodes.ContactBlocked),
            CrmAnswerKind.Suppressed => new DispatchResult.Skipped(FailureCodes.Suppressed, answer.Details),
            CrmAnswerKind.NotMade => new DispatchResult.Withheld(WithheldReason.NotAllowed),
            // It is the message that something refuses, a firewall for instance: the contact could be asked for.
            CrmAnswerKind.Unauthorized when IsToBlame(order) => Failed(answer.Category!, answer),
            CrmAnswerKind.Unauthorized => new DispatchResult.Withheld(WithheldReason.Unauthorized),
            CrmAnswerKind.Throttled or CrmAnswerKind.Held => new DispatchResult.Withheld(WithheldReason.Throttled),
            CrmAnswerKind.CircuitOpen => new DispatchResult.Withheld(WithheldReason.CircuitOpen),
            CrmAnswerKind.QuotaUsedUp => new DispatchResult.Withheld(WithheldReason.QuotaUsedUp),
            CrmAnswerKind.NotFound or CrmAnswerKind.Rejected => Failed(answer.Category!, answer),
            // A CRM that fails others too says nothing about this contact. Nor does one of which little is asked since it failed.
            _ when circuit.IsOpen || (condition.IsTroubled && !IsToBlame(order)) => new DispatchResult.Withheld(
                WithheldReason.Unavailable
            ),
            _ => Exhausted(answer),
        };

    // Where each claim's look-up goes well and its next message leaves a doubt again, that has to end too.
    private static bool IsDoubtOfNow(DispatchOrder order, Posting? posting) =>
        posting is { WasCertain: true } && order.Attempts <= LastResort;

    // A pause, a stop or a full quota tells nothing about whether the CRM can be asked. Nor does a CRM that wants fewer
    // requests or another token.
    private bool WasAsked(DispatchOrder order, CrmAnswer answer) =>
        answer.Kind switch
        {
            CrmAnswerKind.NotMade
            or CrmAnswerKind.Held
            or CrmAnswerKind.CircuitOpen
            or CrmAnswerKind.QuotaUsedUp
            or CrmAnswerKind.Throttled => false,
            CrmAnswerKind.Unauthorized => IsToBlame(order),
            _ => true,
        };

    // A few contacts that always fail are trouble enough to hold each other's pages back for ever; so is one whose message
    // is refused as if by a wrong token.
    private bool IsToBlame(DispatchOrder order) =>
        order.Attempts > LastResort || (order.Attempts > LongestTrouble && condition.TakesMessages);

    private DispatchResult.Failed Exhausted(CrmAnswer answer) =>
        new(
            FailureCodes.DispatchExhaustedRetries,
            $"{answer.Summary} after {options.Value.RetryCount + 1} tries",
            answer.Details
        );

    private static DispatchResult.Failed Unknown(CrmAnswer answer) => Failed(FailureCodes.OutcomeUnknown, answer);

    private static DispatchResult.Failed Failed(string code, CrmAnswer answer) =>
        new(code, answer.Summary ?? "", answer.Details);
}
