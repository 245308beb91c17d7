using System.Threading.Channels;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;
using Polly;
using Polly.Retry;

namespace CampaignSender.Host.Recording;

/// <summary>
/// Records the outcomes of a page behind its dispatches, in batches. While the database is away the outcomes are kept and
/// tried again; what a stop of the process leaves unrecorded is found out by the next owner, who asks the CRM.
/// </summary>
internal sealed partial class OutcomeRecorder(
    OutcomeStore store,
    SenderMetrics metrics,
    TimeProvider time,
    ILogger<OutcomeRecorder> logger
)
{
    /// <summary>The longest that an outcome waits for others to share its statement.</summary>
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(100);

    private const int BatchSize = 500;

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
                    LogKept(logger, attempt.Outcome.Exception!, attempt.RetryDelay.TotalSeconds);
                    return default;
                },
            }
        )
        .Build();

    /// <summary>Ends when the channel is completed and all that went through it is recorded.</summary>
    /// <param name="lastWritten">Completes with the channel: a last batch does not wait for others.</param>
    public async Task Record(
        Guid claimId,
        ChannelReader<ContactOutcome> outcomes,
        Task lastWritten,
        CancellationToken abandon
    )
    {
        var batch = new List<ContactOutcome>(BatchSize);
        while (await outcomes.WaitToReadAsync(abandon))
        {
            await Task.WhenAny(lastWritten, Task.Delay(BatchTime, time, abandon));
            while (batch.Count < BatchSize && outcomes.TryRead(out var outcome))
            {
                batch.Add(outcome);
            }

            await _untilRecorded.ExecuteAsync(async token => await RecordBatch(claimId, batch, token), abandon);
            batch.Clear();
        }
    }

    private async Task RecordBatch(Guid claimId, List<ContactOutcome> batch, CancellationToken cancellationToken)
    {
        var recorded = (await store.Record(claimId, batch, cancellationToken)).ToHashSet();
        foreach (var outcome in batch)
        {
            if (recorded.Contains(outcome.RowId))
            {
                metrics.ContactSettled(outcome.Status, outcome.Code);
            }
            else
            {
                metrics.ClaimLost();
                LogLost(logger, outcome.ContactId, outcome.RowId, outcome.Status);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Outcomes cannot be recorded; next try in {DelaySeconds:0.0} s")]
    private static partial void LogKept(ILogger logger, Exception exception, double delaySeconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The row {RowId} of contact {ContactId} was settled by somebody else; our outcome {Status} is not recorded"
    )]
    private static partial void LogLost(ILogger logger, Guid contactId, Guid rowId, ContactStatus status);
}
