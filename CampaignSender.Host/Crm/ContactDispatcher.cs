using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

/// <summary>Brings one claimed contact to a result: hydrate, render, post, and verify where it is not certain.</summary>
internal sealed class ContactDispatcher(
    CrmClient crm,
    DispatchSlots slots,
    DispatchRetry retry,
    IOptions<DispatchOptions> options,
    TimeProvider time
)
{
    /// <summary>
    /// <paramref name="leave"/> ends waits and requests that send nothing. A message on the wire is finished unless
    /// <paramref name="abandon"/> is cancelled: then nobody knows, and the next owner asks the CRM.
    /// </summary>
    public async Task<DispatchResult> Dispatch(DispatchOrder order, CancellationToken leave, CancellationToken abandon)
    {
        var posting = new Posting(order, abandon);
        try
        {
            var hydrated = await retry.Execute(Hydrate, order, leave);
            return hydrated.IsOk
                ? await Dispatch(posting, hydrated, leave)
                : WithoutContact(hydrated, order.MustVerify);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested || abandon.IsCancellationRequested)
        {
            return posting.Withheld();
        }
    }

    private async Task<DispatchResult> Dispatch(Posting posting, CrmAnswer hydrated, CancellationToken leave)
    {
        if (CrmContactEnvelope.Read(hydrated.Body) is not { } contact)
        {
            return posting.IsUncertain
                ? new DispatchResult.Unverified()
                : new DispatchResult.Failed(FailureCodes.DispatchUnexpected, "The CRM's contact could not be read");
        }

        if (contact.Blocked && !posting.IsUncertain)
        {
            return new DispatchResult.Skipped(FailureCodes.ContactBlocked);
        }

        posting.Contact = contact;
        var answer = await retry.Execute(Attempt, posting, leave);
        return Result(posting, answer);
    }

    private async ValueTask<CrmAnswer> Hydrate(DispatchOrder order, CancellationToken cancellationToken)
    {
        using var slot = await slots.Take(cancellationToken);
        return await crm.GetContact(order.ContactId, cancellationToken);
    }

    private async ValueTask<CrmAnswer> Attempt(Posting posting, CancellationToken cancellationToken)
    {
        if (posting.IsUncertain && await Verify(posting, cancellationToken) is { } decided)
        {
            return decided;
        }

        using var slot = await slots.Take(cancellationToken);
        if (!await posting.Order.MayDispatch(cancellationToken))
        {
            return new CrmAnswer { Kind = CrmAnswerKind.NotMade };
        }

        return await Post(posting);
    }

    private async Task<CrmAnswer> Post(Posting posting)
    {
        var message = ConversationRequest.Message(posting.Order, posting.Contact!, time.GetUtcNow());

        // Uncertain until the CRM has answered, whatever ends the wait.
        posting.BecomesUncertain(time.GetTimestamp());
        var answer = await crm.PostConversation(message, posting.Abandon);
        if (answer.Kind is not CrmAnswerKind.Uncertain)
        {
            posting.BecomesCertain();
        }

        return answer.IsOk ? answer with { Summary = CrmThread.LastMessageId(answer.Body) } : answer;
    }

    /// <summary>Asks the CRM whether an earlier request was carried out; null: it was not, so post.</summary>
    private async Task<CrmAnswer?> Verify(Posting posting, CancellationToken cancellationToken)
    {
        await WaitForTheOriginal(posting, cancellationToken);
        using var slot = await slots.Take(cancellationToken);
        var thread = ConversationRequest.Thread(posting.Order, posting.Contact!);
        var answer = await crm.PostConversation(thread, cancellationToken);
        if (!answer.IsOk)
        {
            return answer.Kind is CrmAnswerKind.Uncertain or CrmAnswerKind.Retryable or CrmAnswerKind.Unauthorized
                ? answer
                : answer with
                {
                    Kind = CrmAnswerKind.Uncertain,
                };
        }

        switch (CrmThread.Find(answer.Body, posting.Order.DispatchKey.ToString()))
        {
            case { Found: true } found:
                posting.BecomesCertain();
                return answer with { Summary = found.MessageId };
            case { Found: false }:
                posting.BecomesCertain();
                return null;
            default:
                return new CrmAnswer
                {
                    Kind = CrmAnswerKind.Uncertain,
                    Category = FailureCodes.DispatchUnexpected,
                    Summary = "the thread could not be read",
                };
        }
    }

    // The original may still be at work in the CRM until its time is over.
    private Task WaitForTheOriginal(Posting posting, CancellationToken cancellationToken)
    {
        var remaining =
            options.Value.Timeout - (posting.Started is { } at ? time.GetElapsedTime(at) : options.Value.Timeout);
        return remaining > TimeSpan.Zero ? Task.Delay(remaining, time, cancellationToken) : Task.CompletedTask;
    }

    private DispatchResult Result(Posting posting, CrmAnswer answer) =>
        answer.Kind switch
        {
            CrmAnswerKind.Ok => new DispatchResult.Sent(answer.Summary),
            CrmAnswerKind.NotMade => posting.Withheld(),
            _ when posting.IsUncertain => new DispatchResult.Unverified(),
            CrmAnswerKind.Unauthorized => new DispatchResult.Withheld(WithheldReason.Unauthorized),
            CrmAnswerKind.NotFound or CrmAnswerKind.Rejected => Failed(answer.Category!, answer),
            _ => Exhausted(answer),
        };

    private DispatchResult WithoutContact(CrmAnswer answer, bool mustVerify) =>
        answer.Kind switch
        {
            CrmAnswerKind.Unauthorized => new DispatchResult.Withheld(WithheldReason.Unauthorized),
            _ when mustVerify => new DispatchResult.Unverified(),
            CrmAnswerKind.NotFound => Failed(FailureCodes.ContactNotFound, answer),
            CrmAnswerKind.Rejected => Failed(answer.Category!, answer),
            _ => Exhausted(answer),
        };

    private DispatchResult.Failed Exhausted(CrmAnswer answer) =>
        new(
            FailureCodes.DispatchExhaustedRetries,
            $"{answer.Summary} after {options.Value.RetryCount + 1} tries",
            answer.Details
        );

    private static DispatchResult.Failed Failed(string code, CrmAnswer answer) =>
        new(code, answer.Summary ?? "", answer.Details);
}
