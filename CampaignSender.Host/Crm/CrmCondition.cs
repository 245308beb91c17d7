namespace CampaignSender.Host.Crm;

/// <summary>
/// How the CRM has answered lately, over all contacts. It tells a contact that cannot be sent to from a CRM that cannot
/// send: the first fails for good, the second fails nobody.
/// </summary>
internal sealed partial class CrmCondition(TimeProvider time, ILogger<CrmCondition> logger)
{
    /// <summary>With fewer answers there is no telling.</summary>
    private const int LeastAnswers = 20;

    private const double TroubledShare = 0.05;
    private const int Seconds = 30;

    /// <summary>Seconds, the one that has begun included.</summary>
    private const int JustNow = 2;

    /// <summary>One contact that is at fault itself makes so many tries in that time at the most.</summary>
    private const int LeastTroublesJustNow = 3;

    /// <summary>A message that was taken longer ago does not show that the CRM takes any now.</summary>
    private static readonly TimeSpan TakenLately = TimeSpan.FromMinutes(5);

    /// <summary>Longer than pages that are parked for it wait by default.</summary>
    private static readonly TimeSpan RefusedLately = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan ComplaintInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly (long Second, int Answers, int Troubles)[] _seconds = new (long, int, int)[Seconds];
    private long? _unauthorized;
    private long _complained;
    private long? _taken;
    private long? _answered;
    private int _troublesSince;
    private int _refusalsSince;

    /// <summary>
    /// The CRM refused our credentials when it last looked at them, and that is not long ago: whose pages have gone elsewhere
    /// since asks no more.
    /// </summary>
    public bool IsUnauthorized
    {
        get
        {
            lock (_lock)
            {
                return _unauthorized is { } refused && time.GetElapsedTime(refused) < RefusedLately;
            }
        }
    }

    /// <summary>
    /// A noticeable share of the requests failed through no fault of theirs, in the last half minute or just now: when
    /// trouble begins, the good half minute before it must not speak against the first who meet it.
    /// </summary>
    public bool IsTroubled
    {
        get
        {
            lock (_lock)
            {
                return IsNoticeable(Seconds, leastTroubles: 1) || IsNoticeable(JustNow, LeastTroublesJustNow);
            }
        }
    }

    /// <summary>
    /// A message was taken in the last minutes, and what failed since is no more than some contacts' tries: whoever is not
    /// sent to now has no outage to blame. Refused credentials (401, 403) are refused to everybody from one moment on: the
    /// second in turn is enough to think so.
    /// </summary>
    public bool TakesMessages
    {
        get
        {
            lock (_lock)
            {
                return _taken is { } taken
                    && time.GetElapsedTime(taken) < TakenLately
                    && _troublesSince < LeastAnswers
                    && _refusalsSince <= 1;
            }
        }
    }

    /// <summary>It has answered somebody, and well, in that time.</summary>
    public bool HasAnsweredIn(TimeSpan lately)
    {
        lock (_lock)
        {
            return _answered is { } answered && time.GetElapsedTime(answered) < lately;
        }
    }

    public static bool IsTrouble(CrmAnswerKind kind) =>
        kind is CrmAnswerKind.Retryable or CrmAnswerKind.Doubtful or CrmAnswerKind.Uncertain;

    public void MessageTaken()
    {
        lock (_lock)
        {
            (_taken, _troublesSince, _refusalsSince) = (time.GetTimestamp(), 0, 0);
        }
    }

    public void Answered(CrmAnswerKind kind)
    {
        lock (_lock)
        {
            if (kind is CrmAnswerKind.Unauthorized or CrmAnswerKind.Ok)
            {
                _unauthorized = kind is CrmAnswerKind.Unauthorized ? time.GetTimestamp() : null;
            }

            Complain(kind);
            _answered = IsTrouble(kind) ? _answered : time.GetTimestamp();
            _troublesSince += IsTrouble(kind) ? 1 : 0;
            _refusalsSince += kind is CrmAnswerKind.Unauthorized ? 1 : 0;
            var now = Now();
            ref var second = ref _seconds[now % Seconds];
            var isSame = second.Second == now;
            second = (
                now,
                (isSame ? second.Answers : 0) + 1,
                (isSame ? second.Troubles : 0) + (IsTrouble(kind) ? 1 : 0)
            );
        }
    }

    private bool IsNoticeable(int seconds, int leastTroubles)
    {
        var oldest = Now() - seconds;
        var (answers, troubles) = (0, 0);
        foreach (var second in _seconds)
        {
            if (second.Second > oldest)
            {
                answers += second.Answers;
                troubles += second.Troubles;
            }
        }

        return answers >= LeastAnswers && troubles >= leastTroubles && troubles >= answers * TroubledShare;
    }

    private void Complain(CrmAnswerKind kind)
    {
        if (
            kind is CrmAnswerKind.Unauthorized
            && (_complained == 0 || time.GetElapsedTime(_complained) >= ComplaintInterval)
        )
        {
            _complained = time.GetTimestamp();
            LogUnauthorized(logger);
        }
    }

    private long Now() => time.GetTimestamp() / time.TimestampFrequency;

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The CRM refuses our credentials: nothing can be sent until EVOAI_CRM_API_TOKEN is right; contacts stay PENDING"
    )]
    private static partial void LogUnauthorized(ILogger logger);
}
