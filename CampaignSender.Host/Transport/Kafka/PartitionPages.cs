using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// The pages received from one partition that are not finished, and how far everything is. Guarded by the lock of
/// <see cref="PageSchedule"/>.
/// </summary>
internal sealed class PartitionPages(TopicPartition partition) : IDisposable
{
    private readonly LinkedList<ReceivedPage> _waiting = [];
    private readonly Queue<ReceivedPage> _unfinished = [];
    private readonly CancellationTokenSource _lost = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Offset _finishedUpTo = Offset.Unset;
    private Offset _committed = Offset.Unset;
    private int _inWork;
    private bool _isRevoked;

    public TopicPartition Partition => partition;

    /// <summary>Cancelled when the partition may be somebody else's already.</summary>
    public CancellationToken Lost => _lost.Token;

    public int Waiting => _waiting.Count;

    public bool IsIdle => _unfinished.Count == 0;

    public bool IsPaused { get; set; }

    /// <summary>No page is begun before this timestamp.</summary>
    public long NotBefore { get; private set; }

    public void Add(ConsumeResult<byte[]?, byte[]?> message)
    {
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
        page.IsFinished = true;
        while (_unfinished.TryPeek(out var first) && first.IsFinished)
        {
            _finishedUpTo = _unfinished.Dequeue().Message.Offset + 1;
        }

        Leave();
    }

    /// <summary>The page is tried again after the wait, before any later one of this partition.</summary>
    public void Postpone(ReceivedPage page, long notBefore)
    {
        if (!_isRevoked)
        {
            page.Failures++;
            _waiting.AddFirst(page);
            NotBefore = notBefore;
        }

        Leave();
    }

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
        _finishedUpTo != _committed ? new TopicPartitionOffset(partition, _finishedUpTo) : null;

    public void Committed(Offset offset) => _committed = offset;

    public void Dispose() => _lost.Dispose();

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
