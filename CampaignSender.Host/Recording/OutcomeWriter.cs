using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;
using Polly;
using Polly.Retry;

namespace CampaignSender.Host.Recording;

/// <summary>Writes batches of outcomes, again and again while the database is away, and counts what was written.</summary>
internal sealed partial class OutcomeWriter(
    OutcomeStore store,
    SenderMetrics metrics,
    TimeProvider time,
    ILogger<OutcomeWriter> logger
)
{
    private readonly ResiliencePipeline _untilRecorded = new ResiliencePipelineBuilder { TimeProvider = time }
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
                    LogKept(logger, FaultLog.CauseOf(attempt.Outcome.Exception!), attempt.RetryDelay.TotalSeconds);
                    return default;
                },
            }
        )
        .Build();

    /// <returns>Those whose rows somebody else has locked.</returns>
    public async Task<IReadOnlyList<QueuedOutcome>> Write(
        IReadOnlyCollection<QueuedOutcome> batch,
        CancellationToken abandon
    )
    {
        ContactOutcome[] outcomes = [.. batch.Select(queued => queued.Outcome)];
        var attempts = 0;
        var rows = await _untilRecorded.ExecuteAsync(
            async token =>
            {
                var isRepeated = attempts++ > 0 || batch.Any(queued => queued.IsRepeated);
                return (await store.Record(outcomes, isRepeated, token)).ToHashSet();
            },
            abandon
        );
        var locked = new List<QueuedOutcome>();
        foreach (var queued in batch)
        {
            var (page, outcome) = (queued.Page, queued.Outcome);
            if (rows.Contains(new RecordedRow(outcome.RowId, outcome.ClaimId, IsWritten: true)))
            {
                metrics.ContactSettled(outcome.Status, outcome.Code);
                page?.Recorded(outcome);
            }
            else if (rows.Contains(new RecordedRow(outcome.RowId, outcome.ClaimId, IsWritten: false)))
            {
                locked.Add(queued with { IsRepeated = queued.IsRepeated || attempts > 1 });
            }
            else
            {
                metrics.ClaimLost();
                LogLost(logger, outcome.ContactId, outcome.RowId, outcome.Status);
                page?.Lost();
            }
        }

        if (locked.Count > 0)
        {
            LogLocked(logger, locked.Count, locked[0].Outcome.RowId);
        }

        return locked;
    }

    public void TellRefused(Exception refused, int count) => LogRefused(logger, count, FaultLog.CauseOf(refused));

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} outcomes are refused by the database: {Reason}; the next owner of the contacts asks the CRM"
    )]
    private static partial void LogRefused(ILogger logger, int count, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} outcomes cannot be recorded yet: somebody has their rows locked, {RowId} among them"
    )]
    private static partial void LogLocked(ILogger logger, int count, Guid rowId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Outcomes cannot be recorded: {Reason}; next try in {DelaySeconds:0.0} s"
    )]
    private static partial void LogKept(ILogger logger, string reason, double delaySeconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The row {RowId} of contact {ContactId} was settled by somebody else; our outcome {Status} is not recorded"
    )]
    private static partial void LogLost(ILogger logger, Guid contactId, Guid rowId, ContactStatus status);
}
