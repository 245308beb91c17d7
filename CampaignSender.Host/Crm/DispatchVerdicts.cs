using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

/// <summary>What the CRM's last answer means for a contact: its result.</summary>
internal sealed class DispatchVerdicts(CrmCondition condition, CrmCircuit circuit, IOptions<DispatchOptions> options)
{
    /// <summary>
    /// Claims after which a contact that fails is to blame itself, as long as the CRM takes others' messages. Each follows a
    /// parking of up to eight times <c>PARKED_RETRY_MS</c>; those that ended with a pause or a full quota do not count.
    /// </summary>
    private const int LongestTrouble = 12;

    /// <summary>
    /// The same where the CRM takes no message at all: none may be left but of such contacts, and their pages must not come
    /// back for ever.
    /// </summary>
    private const int LastResort = 100;

    /// <summary>A message may have been posted.</summary>
    public static bool IsUncertain(DispatchOrder order, Posting? posting) =>
        posting?.IsUncertain ?? order.UncertainFor is not null;

    /// <summary>Each claim's look-up goes well, and its next message leaves a doubt again: that has to end too.</summary>
    public static bool IsInDoubtForTheLastTime(DispatchOrder order) =>
        order.UncertainFor is not null && order.Attempts > LastResort;

    /// <summary>Of an answer to a message, or to the question whether there is one; no posting: before either.</summary>
    public DispatchResult Of(DispatchOrder order, CrmAnswer answer, Posting? posting = null) =>
        answer.Kind switch
        {
            CrmAnswerKind.Ok => new DispatchResult.Sent(answer.Thread!.MessageId),
            CrmAnswerKind.Unknown => Unknown(answer),
            _ when posting is { IsUncertain: true, WasCertain: true } => InDoubtOfNow(order, answer),
            _ when IsUncertain(order, posting) => InDoubt(order, answer, isGivenUp: WasAsked(order, answer)),
            CrmAnswerKind.Blocked => new DispatchResult.Skipped(FailureCodes.ContactBlocked),
            CrmAnswerKind.Suppressed => new DispatchResult.Skipped(FailureCodes.Suppressed, answer.Details),
            // It is the message that something refuses, a firewall for instance: the contact could be asked for.
            CrmAnswerKind.Unauthorized when IsToBlame(order) => Failed(answer.Category!, answer),
            _ when Hindrance(answer) is { } reason => new DispatchResult.Withheld(reason),
            CrmAnswerKind.NotFound or CrmAnswerKind.Rejected => Failed(answer.Category!, answer),
            // A CRM that fails others too says nothing about this contact. Nor does one of which little is asked since it failed.
            _ when circuit.IsOpen || ((condition.IsTroubled || IsSilent(answer)) && !IsToBlame(order)) =>
                new DispatchResult.Withheld(WithheldReason.Unavailable),
            _ => Exhausted(answer),
        };

    /// <summary>Of a look-up that brought no contact: one that is gone cannot be sent to, whatever it has got before.</summary>
    public DispatchResult WithoutContact(DispatchOrder order, CrmAnswer answer) =>
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
            _ => Of(order, answer),
        };

    private static bool CanNeverBeHad(CrmAnswer answer) =>
        answer.Kind is CrmAnswerKind.Rejected || CrmCondition.IsTrouble(answer.Kind);

    private DispatchResult InDoubt(DispatchOrder order, CrmAnswer answer, bool isGivenUp) =>
        isGivenUp && order.UncertainFor > options.Value.UnknownAfter
            ? Unknown(answer)
            : Unverified(order, answer, isOfNow: false);

    private DispatchResult InDoubtOfNow(DispatchOrder order, CrmAnswer answer) =>
        IsInDoubtForTheLastTime(order) && WasAsked(order, answer)
            ? Unknown(answer)
            : Unverified(order, answer, isOfNow: true);

    private DispatchResult.Unverified Unverified(DispatchOrder order, CrmAnswer answer, bool isOfNow) =>
        new(isOfNow, WasAsked(order, answer) ? null : Hindrance(answer));

    private bool WasAsked(DispatchOrder order, CrmAnswer answer) =>
        answer.Kind is CrmAnswerKind.Unauthorized ? IsToBlame(order) : Hindrance(answer) is null;

    // A pause, a stop or a full quota tells nothing about whether the CRM can be asked. Nor does a CRM that wants fewer
    // requests or another token.
    private static WithheldReason? Hindrance(CrmAnswer answer) =>
        answer.Kind switch
        {
            CrmAnswerKind.NotMade => WithheldReason.NotAllowed,
            CrmAnswerKind.Unauthorized => WithheldReason.Unauthorized,
            CrmAnswerKind.Throttled or CrmAnswerKind.Held => WithheldReason.Throttled,
            CrmAnswerKind.CircuitOpen => WithheldReason.CircuitOpen,
            CrmAnswerKind.QuotaUsedUp => WithheldReason.QuotaUsedUp,
            _ => null,
        };

    // A few contacts that always fail are trouble enough to hold each other's pages back for ever; so is one whose message
    // is refused as if by a wrong token.
    private bool IsToBlame(DispatchOrder order) =>
        order.Attempts > LastResort || (order.Attempts > LongestTrouble && condition.TakesMessages);

    // It answers nobody. With few requests at once these are too few time-outs to make a trouble.
    private bool IsSilent(CrmAnswer answer) =>
        answer.Kind is CrmAnswerKind.Uncertain && !condition.HasAnsweredIn(options.Value.Timeout / 2);

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
