using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// Hands the received pages out, taking turns between the partitions, and keeps account of what is finished. The poll loop
/// and the workers share it.
/// </summary>
internal sealed class PageSchedule(int pagesPerPartition, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<PartitionPages> _partitions = [];
    private TaskCompletionSource _change = NewChange();
    private int _turn;

    /// <summary>No received page is unfinished.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _partitions.TrueForAll(partition => partition.IsIdle);
            }
        }
    }

    /// <summary>A received page has failed and is not finished yet.</summary>
    public bool IsFailing
    {
        get
        {
            lock (_lock)
            {
                return _partitions.Exists(partition => partition.IsFailing);
            }
        }
    }

    /// <summary>Partitions that this replica has now.</summary>
    public IReadOnlyCollection<TopicPartition> Partitions
    {
        get
        {
            lock (_lock)
            {
                return Names(_partitions);
            }
        }
    }

    public void Assign(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            _partitions.AddRange(partitions.Select(partition => new PartitionPages(partition)));
        }
    }

    public void Add(ConsumeResult<byte[]?, byte[]?> message)
    {
        lock (_lock)
        {
            _partitions.Find(partition => partition.Partition == message.TopicPartition)?.Add(message);
            Announce();
        }
    }

    /// <summary>Waits for a page that may be worked on now.</summary>
    public async Task<ReceivedPage> Take(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (NextPartition() is { } partition)
                {
                    return partition.Begin();
                }

                change = _change.Task;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    public void Finish(ReceivedPage page)
    {
        lock (_lock)
        {
            page.Partition.Finish(page);
        }
    }

    public void Abandon(ReceivedPage page)
    {
        lock (_lock)
        {
            page.Partition.Abandon();
        }
    }

    /// <summary>The partition waits; others go on.</summary>
    public void Postpone(ReceivedPage page, TimeSpan delay, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            page.Partition.Postpone(page);
        }

        _ = EndWait(page.Partition, delay, cancellationToken);
    }

    /// <summary>
    /// Stops handing out pages of these partitions and waits, no longer than the limit, for those in work; what is in
    /// work then is cancelled. Call <see cref="Forget"/> when what they finished has been committed.
    /// </summary>
    public async Task Revoke(IReadOnlyCollection<TopicPartition> partitions, TimeSpan limit)
    {
        Task leaving;
        lock (_lock)
        {
            leaving = Task.WhenAll(Those(partitions).Select(partition => partition.Revoke()));
        }

        try
        {
            await leaving.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            Lose(partitions);
        }
    }

    /// <summary>Cancels what is in work of partitions that may be somebody else's already.</summary>
    public void Lose(IReadOnlyCollection<TopicPartition> partitions)
    {
        List<PartitionPages> lost;
        lock (_lock)
        {
            lost = Those(partitions);
            lost.ForEach(partition => partition.Revoke());
        }

        lost.ForEach(partition => partition.Lose());
    }

    public void Forget(IReadOnlyCollection<TopicPartition> partitions)
    {
        lock (_lock)
        {
            _partitions.RemoveAll(partition => partitions.Contains(partition.Partition));
        }
    }

    /// <summary>The finished prefixes that are not committed yet.</summary>
    public IReadOnlyList<TopicPartitionOffset> Committable()
    {
        lock (_lock)
        {
            return [.. _partitions.Select(partition => partition.Committable).OfType<TopicPartitionOffset>()];
        }
    }

    public void Committed(IEnumerable<TopicPartitionOffset> offsets)
    {
        lock (_lock)
        {
            foreach (var offset in offsets)
            {
                _partitions.Find(partition => partition.Partition == offset.TopicPartition)?.Committed(offset.Offset);
            }
        }
    }

    /// <summary>Partitions that have received enough, and those that have room again.</summary>
    public (IReadOnlyList<TopicPartition> Full, IReadOnlyList<TopicPartition> Free) Balance()
    {
        lock (_lock)
        {
            var full = _partitions.FindAll(partition =>
                partition.IsPaused is false && partition.Waiting >= pagesPerPartition
            );
            var free = _partitions.FindAll(partition =>
                partition.IsPaused is null || (partition.IsPaused is true && partition.Waiting <= pagesPerPartition / 2)
            );
            full.ForEach(partition => partition.IsPaused = true);
            free.ForEach(partition => partition.IsPaused = false);
            return (Names(full), Names(free));
        }
    }

    private PartitionPages? NextPartition()
    {
        for (var step = 0; step < _partitions.Count; step++)
        {
            _turn = (_turn + 1) % _partitions.Count;
            if (_partitions[_turn].IsReady)
            {
                return _partitions[_turn];
            }
        }

        return null;
    }

    private async Task EndWait(PartitionPages partition, TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            partition.EndWait();
            Announce();
        }
    }

    /// <summary>Lets all look again who wait for a page.</summary>
    private void Announce()
    {
        _change.SetResult();
        _change = NewChange();
    }

    private List<PartitionPages> Those(IReadOnlyCollection<TopicPartition> partitions) =>
        _partitions.FindAll(partition => partitions.Contains(partition.Partition));

    private static TopicPartition[] Names(List<PartitionPages> partitions) =>
        [.. partitions.Select(partition => partition.Partition)];

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
