using CampaignSender.Host.Configuration;
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

    /// <summary>The next request, and no other, is made: it finds out whether the CRM is back.</summary>
    private volatile bool _isProbing;

    public CrmCircuit(TimeProvider time, SenderMetrics metrics, ILogger<CrmCircuit> logger)
    {
        _time = time;
        _pipeline = new ResiliencePipelineBuilder<CrmAnswer> { TimeProvider = new SteadyTime(time) }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<CrmAnswer>
                {
                    FailureRatio = 0.5,
                    MinimumThroughput = 20,
                    SamplingDuration = TimeSpan.FromSeconds(10),
                    BreakDuration = BreakDuration,
                    StateProvider = _state,
                    // A probe that ends without an answer shows nothing: what Polly does not count as a failure closes the
                    // circuit.
                    ShouldHandle = attempt =>
                        ValueTask.FromResult(
                            attempt.Outcome.Result is { Kind: not CrmAnswerKind.NotMade } answer
                                ? CrmCondition.IsTrouble(answer.Kind)
                                : _isProbing
                        ),
                    OnHalfOpened = _ =>
                    {
                        _isProbing = true;
                        return default;
                    },
                    OnOpened = opened =>
                    {
                        _isProbing = false;
                        Volatile.Write(ref _opened, time.GetTimestamp());
                        metrics.CircuitOpened();
                        LogOpened(
                            logger,
                            opened.BreakDuration.TotalSeconds,
                            opened.Outcome.Result?.Summary ?? "no answer"
                        );
                        return default;
                    },
                    OnClosed = _ =>
                    {
                        _isProbing = false;
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

    /// <summary>
    /// <paramref name="leave"/> ends the request, unless it is the one that finds out whether the CRM is back: the others of
    /// its page, which meet the open circuit meanwhile, would take it along. That one ends with <paramref name="abandon"/>.
    /// </summary>
    public async ValueTask<CrmAnswer> Execute<TState>(
        Func<TState, CancellationToken, ValueTask<CrmAnswer>> request,
        TState state,
        CancellationToken leave,
        CancellationToken abandon
    )
    {
        // Who leaves anyway is no probe.
        leave.ThrowIfCancellationRequested();
        // Polly's other ways to execute are made of this one, and cost a noticeable part of each request.
        var context = ResilienceContextPool.Shared.Get(abandon);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                Answer,
                context,
                (Circuit: this, Request: request, State: state, Leave: leave)
            );
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
        (
            CrmCircuit Circuit,
            Func<TState, CancellationToken, ValueTask<CrmAnswer>> Request,
            TState State,
            CancellationToken Leave
        ) call
    )
    {
        try
        {
            var token = call.Circuit._isProbing ? context.CancellationToken : call.Leave;
            return Outcome.FromResult(await call.Request(call.State, token));
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
