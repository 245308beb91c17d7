using System.Threading.Channels;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;
using Polly;
using Polly.Retry;

namespace CampaignSender.Host.Recording;

/// <summary>Records the outcomes of a campaign while any of its pages is at work here.</summary>
internal sealed partial class CampaignRecording
{
    /// <summary>The longest that an outcome waits for others to share its statement.</summary>
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(100);

    private const int BatchSize = 1_000;

    private readonly Channel<QueuedOutcome> _outcomes = Channel.CreateUnbounded<QueuedOutcome>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly OutcomeStore _store;
    private readonly SenderMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _abandon;
    private readonly ResiliencePipeline _untilRecorded;
    private volatile TaskCompletionSource _hurry = NewHurry();

    public CampaignRecording(
        OutcomeStore store,
        SenderMetrics metrics,
        TimeProvider time,
        ILogger logger,
        CancellationToken abandon
    )
    {
        (_store, _metrics, _time, _logger, _abandon) = (store, metrics, time, logger, abandon);
        _untilRecorded = UntilRecorded();
        _ = RecordAll();
    }

    /// <summary>Those that are open; counted by whoever opens and closes them.</summary>
    public int Pages { get; set; }

    public void Add(QueuedOutcome outcome) => _outcomes.Writer.TryWrite(outcome);

    public void Hurry() => _hurry.TrySetResult();

    public void Complete() => _outcomes.Writer.Complete();

    private async Task RecordAll()
    {
        var batch = new List<QueuedOutcome>();
        try
        {
            while (await _outcomes.Reader.WaitToReadAsync(_abandon))
            {
                await Task.WhenAny(_hurry.Task, Task.Delay(BatchTime, _time, _abandon));
                // Before the reading: what is hurried up from now on may come too late for this batch.
                _hurry = NewHurry();
                while (batch.Count < BatchSize && _outcomes.Reader.TryRead(out var outcome))
                {
                    batch.Add(outcome);
                }

                await RecordBatch(batch);
                batch.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // Abandoned: the pages know it by the same token.
        }
    }

    private async Task RecordBatch(List<QueuedOutcome> batch)
    {
        try
        {
            await Record(batch);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // An outcome that cannot be recorded fails its own page, not those that share its statement.
            foreach (var page in batch.GroupBy(queued => queued.Page))
            {
                await RecordPage(page.Key, [.. page]);
            }
        }
    }

    private async Task RecordPage(PageRecording page, List<QueuedOutcome> outcomes)
    {
        try
        {
            await Record(outcomes);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            page.Failed(exception);
        }
    }

    private async Task Record(List<QueuedOutcome> batch)
    {
        var recorded = await _untilRecorded.ExecuteAsync(
            async token => (await _store.Record([.. batch.Select(queued => queued.Outcome)], token)).ToHashSet(),
            _abandon
        );
        foreach (var (page, outcome) in batch)
        {
            if (recorded.Contains(outcome.RowId))
            {
                _metrics.ContactSettled(outcome.Status, outcome.Code);
            }
            else
            {
                _metrics.ClaimLost();
                LogLost(_logger, outcome.ContactId, outcome.RowId, outcome.Status);
            }

            page.Recorded();
        }
    }

    private ResiliencePipeline UntilRecorded() =>
        new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = int.MaxValue,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = TimeSpan.FromMilliseconds(200),
                    MaxDelay = TimeSpan.FromSeconds(5),
                    ShouldHandle = static attempt =>
                        ValueTask.FromResult(
                            attempt.Outcome.Exception is { } exception
                                && FaultClassifier.Classify(exception) is FaultKind.Infrastructure
                        ),
                    OnRetry = attempt =>
                    {
                        LogKept(_logger, attempt.Outcome.Exception!, attempt.RetryDelay.TotalSeconds);
                        return default;
                    },
                }
            )
            .Build();

    private static TaskCompletionSource NewHurry() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Outcomes cannot be recorded; next try in {DelaySeconds:0.0} s")]
    private static partial void LogKept(ILogger logger, Exception exception, double delaySeconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The row {RowId} of contact {ContactId} was settled by somebody else; our outcome {Status} is not recorded"
    )]
    private static partial void LogLost(ILogger logger, Guid contactId, Guid rowId, ContactStatus status);
}
