using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// Commits what is finished: at once when nothing is in work, else once a second. Beside the poll loop, since a commit
/// waits for a broker that is away and polling must go on.
/// </summary>
internal sealed partial class OffsetCommits(
    IConsumer<byte[]?, byte[]?> consumer,
    PageSchedule schedule,
    KafkaEndpointHealth health,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private Task<bool> _inFlight = Task.FromResult(true);
    private long _last = time.GetTimestamp();

    public void CommitWhenDue()
    {
        if (!IsDue)
        {
            return;
        }

        var offsets = schedule.Committable();
        if (offsets.Count == 0)
        {
            health.NoCommitFails();
            return;
        }

        _last = time.GetTimestamp();
        _inFlight = Task.Run(() => Commit(offsets));
    }

    /// <summary>Commits the rest, and tells whether it is.</summary>
    /// <exception cref="TimeoutException">No broker answers: they are away, and the client asks until they are back.</exception>
    public Task<bool> CommitRest() => CommitAfterOneInFlight().WaitAsync(AnswerTime, time);

    /// <summary>Whether the commit in flight, if there is one, gets an answer in time: its client cannot close before.</summary>
    public async Task<bool> IsAnswered()
    {
        await Task.WhenAny(_inFlight, Task.Delay(AnswerTime, time));
        return _inFlight.IsCompleted;
    }

    private bool IsDue =>
        _inFlight.IsCompleted
        && (time.GetElapsedTime(_last) >= Interval || (schedule.IsIdle && _inFlight.GetAwaiter().GetResult()));

    // Else one in flight could take a later owner's commit back.
    private async Task<bool> CommitAfterOneInFlight()
    {
        await _inFlight;
        return schedule.Committable() is not { Count: > 0 } offsets || await Task.Run(() => Commit(offsets));
    }

    /// <summary>Whether it went well.</summary>
    private bool Commit(IReadOnlyList<TopicPartitionOffset> offsets)
    {
        try
        {
            consumer.Commit(offsets);
            schedule.Committed(offsets);
            health.NoCommitFails();
            return true;
        }
        catch (KafkaException exception) when (exception.Error.Code is ErrorCode.RebalanceInProgress)
        {
            // Nothing is wrong: the group shares its partitions out anew, and takes commits again in a moment.
            return false;
        }
        catch (KafkaException exception)
        {
            // Tried again in a second. Without it the pages are delivered again, which costs a cheap skip each.
            health.CommitFailed(exception);
            LogFailed(logger, exception.Error.Reason);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Offsets cannot be committed now: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
