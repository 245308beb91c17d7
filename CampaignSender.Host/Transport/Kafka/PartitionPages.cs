using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// The pages received from one partition that are not finished, and how far everything is. Guarded by the lock of
/// <see cref="PageSchedule"/>.
/// </summary>
#pragma warning disable CA1001 // Pages in work look at it after the partition is gone, and without a timer it holds nothing.
internal sealed class PartitionPages(TopicPartition partition)
#pragma warning restore CA1001
{
    private readonly LinkedList<ReceivedPage> _waiting = [];
    private readonly Queue<ReceivedPage> _unfinished = [];
    private readonly CancellationTokenSource _lost = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Offset _finishedUpTo = Offset.Unset;
    private Offset _committed = Offset.Unset;
    private int _inWork;
    private int _waits;
    private bool _isRevoked;

    public TopicPartition Partition => partition;

    /// <summary>Cancelled when the partition may be somebody else's already.</summary>
    public CancellationToken Lost => _lost.Token;

    public int Waiting => _waiting.Count;

    /// <summary>A page may be begun.</summary>
    public bool IsReady => _waiting.Count > 0 && _waits == 0;

    public bool IsIdle => _unfinished.Count == 0;

    public bool IsFailing => _unfinished.Any(page => page is { Failures: > 0, IsFinished: false });

    /// <summary>Null: not known, since librdkafka may remember how an earlier assignment left it.</summary>
    public bool? IsPaused { get; set; }

    public void Add(ConsumeResult<byte[]?, byte[]?> message)
    {
        if (_finishedUpTo == Offset.Unset)
        {
            // Committed though nothing is finished: without any offset a group that starts at the end, as the old sender's
            // does, would leave out what is in work here when it takes over again.
            _finishedUpTo = message.Offset;
        }

        var page = new ReceivedPage(this, message);
        _waiting.AddLast(page);
        _unfinished.Enqueue(page);
    }

    public ReceivedPage Begin()
    {
        var page = _waiting.First!.Value;
        _waiting.RemoveFirst();
        _inWork++;
        return page;
    }

    /// <summary>Pages finish in any order; what may be committed is the part from the start without a gap.</summary>
    public void Finish(ReceivedPage page)
    {
        page.Finish();
        while (_unfinished.TryPeek(out var first) && first.IsFinished)
        {
            _finishedUpTo = _unfinished.Dequeue().Message.Offset + 1;
        }

        Leave();
    }

    /// <summary>The page is tried again after a wait, before later ones; none is begun until <see cref="EndWait"/>.</summary>
    public void Postpone(ReceivedPage page)
    {
        _waits++;
        page.Failures++;
        if (!_isRevoked)
        {
            _waiting.AddFirst(page);
        }

        Leave();
    }

    public void EndWait() => _waits--;

    /// <summary>The page is left unfinished: it will be delivered again.</summary>
    public void Abandon() => Leave();

    /// <summary>No page is begun any more. The task completes when those in work have ended.</summary>
    public Task Revoke()
    {
        _isRevoked = true;
        _waiting.Clear();
        CompleteWhenLeft();
        return _left.Task;
    }

    public void Lose() => _lost.Cancel();

    /// <summary>The offset to commit; null where there is nothing new.</summary>
    public TopicPartitionOffset? Committable =>
        _finishedUpTo != Offset.Unset && _finishedUpTo != _committed
            ? new TopicPartitionOffset(partition, _finishedUpTo)
            : null;

    public void Committed(Offset offset) => _committed = offset;

    private void Leave()
    {
        _inWork--;
        CompleteWhenLeft();
    }

    private void CompleteWhenLeft()
    {
        if (_isRevoked && _inWork == 0)
        {
            _left.TrySetResult();
        }
    }
}
