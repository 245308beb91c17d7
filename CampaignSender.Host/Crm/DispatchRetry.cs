using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace CampaignSender.Host.Crm;

/// <summary>
/// The documented back-off: base × 2ⁿ up to the cap, with jitter, or what <c>Retry-After</c> asks for where that is longer.
/// </summary>
internal sealed partial class DispatchRetry
{
    private readonly ResiliencePipeline<CrmAnswer> _pipeline;

    public DispatchRetry(
        IOptions<DispatchOptions> options,
        TimeProvider time,
        SenderMetrics metrics,
        ILogger<DispatchRetry> logger
    )
    {
        var dispatch = options.Value;
        var builder = new ResiliencePipelineBuilder<CrmAnswer> { TimeProvider = time };
        if (dispatch.RetryCount > 0)
        {
            builder.AddRetry(
                new RetryStrategyOptions<CrmAnswer>
                {
                    MaxRetryAttempts = dispatch.RetryCount,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = dispatch.BackoffBase,
                    MaxDelay = dispatch.BackoffCap,
                    ShouldHandle = static attempt =>
                        ValueTask.FromResult(attempt.Outcome.Result is { } answer && IsToRepeat(answer)),
                    DelayGenerator = attempt => ValueTask.FromResult(Requested(attempt.Outcome.Result, dispatch)),
                    OnRetry = attempt =>
                    {
                        metrics.RetryScheduled(attempt.Outcome.Result?.Category);
                        LogRetry(
                            logger,
                            attempt.AttemptNumber + 1,
                            attempt.RetryDelay.TotalSeconds,
                            attempt.Outcome.Result?.Summary
                        );
                        return default;
                    },
                }
            );
        }

        _pipeline = builder.Build();
    }

    /// <summary>Repeats the request until it has a verdict or the tries are used up.</summary>
    public async ValueTask<CrmAnswer> Execute<TState>(
        Func<TState, CancellationToken, ValueTask<CrmAnswer>> request,
        TState state,
        CancellationToken cancellationToken
    )
    {
        // Nearly all have one at once: they are spared the costs of a pipeline that has nothing to do.
        var answer = await request(state, cancellationToken);
        return IsToRepeat(answer) ? await Repeat(answer, request, state, cancellationToken) : answer;
    }

    private ValueTask<CrmAnswer> Repeat<TState>(
        CrmAnswer answer,
        Func<TState, CancellationToken, ValueTask<CrmAnswer>> request,
        TState state,
        CancellationToken cancellationToken
    )
    {
        CrmAnswer? first = answer;
        return _pipeline.ExecuteAsync(
            async token => Interlocked.Exchange(ref first, null) ?? await request(state, token),
            cancellationToken
        );
    }

    private static bool IsToRepeat(CrmAnswer answer) =>
        answer.Kind
            is CrmAnswerKind.Retryable
                or CrmAnswerKind.Throttled
                or CrmAnswerKind.Doubtful
                or CrmAnswerKind.Uncertain;

    // Null: the computed back-off. A CRM that asks for an hour must not hold the page for an hour.
    private static TimeSpan? Requested(CrmAnswer? answer, DispatchOptions dispatch) =>
        answer?.RetryAfter is { } asked && asked > dispatch.BackoffBase
            ? TimeSpan.FromTicks(Math.Min(asked.Ticks, dispatch.BackoffCap.Ticks))
            : null;

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "dispatch retry scheduled: attempt {Attempt} in {DelaySeconds:0.000} s after {Summary}"
    )]
    private static partial void LogRetry(ILogger logger, int attempt, double delaySeconds, string? summary);
}
