using CampaignSender.Host.Telemetry;
using Polly;
using Polly.CircuitBreaker;

namespace CampaignSender.Host.Crm;

/// <summary>
/// Spares a CRM that fails, and us the waits: after a while in which half of all requests failed none is made, then one
/// now and then, until they go well again.
/// </summary>
internal sealed partial class CrmCircuit
{
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(5);

    /// <summary>Polly's circuit stays open until somebody asks; where nobody does, that is old news after this time.</summary>
    private static readonly TimeSpan NewsTime = TimeSpan.FromSeconds(30);

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<CrmAnswer> _pipeline;
    private readonly TimeProvider _time;
    private long _opened;

    public CrmCircuit(TimeProvider time, SenderMetrics metrics, ILogger<CrmCircuit> logger)
    {
        _time = time;
        _pipeline = new ResiliencePipelineBuilder<CrmAnswer> { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<CrmAnswer>
                {
                    FailureRatio = 0.5,
                    MinimumThroughput = 20,
                    SamplingDuration = TimeSpan.FromSeconds(10),
                    BreakDuration = BreakDuration,
                    StateProvider = _state,
                    ShouldHandle = static attempt =>
                        ValueTask.FromResult(
                            attempt.Outcome.Result is { } answer && CrmCondition.IsTrouble(answer.Kind)
                        ),
                    OnOpened = opened =>
                    {
                        Volatile.Write(ref _opened, time.GetTimestamp());
                        metrics.CircuitOpened();
                        LogOpened(logger, opened.BreakDuration.TotalSeconds, opened.Outcome.Result?.Summary);
                        return default;
                    },
                    OnClosed = _ =>
                    {
                        LogClosed(logger);
                        return default;
                    },
                }
            )
            .Build();
    }

    /// <summary>Whether requests were seen to fail too often a short while ago.</summary>
    public bool IsOpen =>
        _state.CircuitState is CircuitState.Open or CircuitState.HalfOpen
        && _time.GetElapsedTime(Volatile.Read(ref _opened)) < NewsTime;

    public async ValueTask<CrmAnswer> Execute<TState>(
        Func<TState, CancellationToken, ValueTask<CrmAnswer>> request,
        TState state,
        CancellationToken cancellationToken
    )
    {
        // Polly's other ways to execute are made of this one, and cost a noticeable part of each request.
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(Answer, context, (request, state));
            if (outcome.Exception is BrokenCircuitException)
            {
                return new CrmAnswer { Kind = CrmAnswerKind.CircuitOpen, Summary = "the CRM fails too often" };
            }

            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static async ValueTask<Outcome<CrmAnswer>> Answer<TState>(
        ResilienceContext context,
        (Func<TState, CancellationToken, ValueTask<CrmAnswer>> Request, TState State) call
    )
    {
        try
        {
            return Outcome.FromResult(await call.Request(call.State, context.CancellationToken));
        }
        catch (Exception exception)
        {
            return Outcome.FromException<CrmAnswer>(exception);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The CRM fails too often ({Summary}): no requests for {DelaySeconds:0} s; contacts stay PENDING and pages park"
    )]
    private static partial void LogOpened(ILogger logger, double delaySeconds, string? summary);

    [LoggerMessage(Level = LogLevel.Information, Message = "The CRM answers again")]
    private static partial void LogClosed(ILogger logger);
}
