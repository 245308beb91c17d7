using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

/// <summary>Decides what becomes of an uncertain dispatch, by the operator's policy.</summary>
internal sealed class DispatchVerification(
    CrmClient crm,
    CrmThrottle throttle,
    IOptions<DispatchOptions> options,
    SenderMetrics metrics,
    TimeProvider time
)
{
    /// <summary>Null: it was certainly not carried out, so post.</summary>
    public async Task<CrmAnswer?> Decide(Posting posting, CancellationToken cancellationToken)
    {
        switch (options.Value.Uncertain)
        {
            case UncertainPolicy.Resend:
                posting.BecomesCertain();
                return null;
            case UncertainPolicy.Fail:
                return new CrmAnswer { Kind = CrmAnswerKind.Unknown, Summary = "whether it was posted is not known" };
            default:
                return await Verify(posting, cancellationToken);
        }
    }

    private async Task<CrmAnswer?> Verify(Posting posting, CancellationToken cancellationToken)
    {
        await WaitForTheOriginal(posting, cancellationToken);
        await posting.Slot.Take(cancellationToken);
        if (!await throttle.Enter(cancellationToken))
        {
            return CrmAnswer.Held;
        }

        var answer = await crm.PostConversation(
            "verify",
            ConversationRequest.Thread(posting.Order, posting.Contact),
            posting.Order.DispatchKey,
            mayBeWritten: null,
            cancellationToken,
            posting.Abandon
        );
        if (!answer.IsOk)
        {
            posting.Slot.Return();
            if (answer.Kind is CrmAnswerKind.Rejected && NeverHadAnAddress(posting))
            {
                metrics.Verified(wasFound: false);
                posting.WasNotPosted();
                return answer;
            }

            metrics.Verified(wasFound: null);
            return StillUncertain(answer);
        }

        metrics.Verified(answer.Thread!.Found);
        if (answer.Thread.Found)
        {
            return answer;
        }

        posting.WasNotPosted();
        return null;
    }

    // Our own message cannot have been stored: the CRM would have had to refuse it, as it refuses the question.
    private static bool NeverHadAnAddress(Posting posting) =>
        posting.Order.UncertainFor is null
        && SourceId.Missing(posting.Contact, posting.Order.InboxId, posting.Order.Channel) is not null;

    // Worth another try, or not: either way the message may have been posted.
    private static CrmAnswer StillUncertain(CrmAnswer answer) =>
        answer.Kind is CrmAnswerKind.NotFound or CrmAnswerKind.Rejected
            ? answer with
            {
                Kind = CrmAnswerKind.Uncertain,
            }
            : answer;

    private Task WaitForTheOriginal(Posting posting, CancellationToken cancellationToken)
    {
        if (posting.AtWorkSince is not { } started)
        {
            return Task.CompletedTask;
        }

        var remaining = options.Value.Timeout + options.Value.SettleTime - time.GetElapsedTime(started);
        if (remaining <= TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        // With its page's place left to others it would have no verdict, and be posted once more each time.
        var mayLeave = !DispatchVerdicts.IsInDoubtForTheLastTime(posting.Order);
        return posting.Slot.Rest(remaining, mayLeave, time, cancellationToken);
    }
}
