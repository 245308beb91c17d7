using System.Collections.Concurrent;

namespace CampaignSender.Sandbox.Crm;

/// <summary>What has arrived, for tests to look at and to wait for.</summary>
internal sealed class CrmCounters
{
    private readonly ConcurrentQueue<string> _unexpected = new();
    private readonly long[] _byKind = new long[Enum.GetValues<CrmRequestKind>().Length];
    private TaskCompletionSource _arrival = NewArrival();
    private int _waiting;

    public IReadOnlyCollection<string> Unexpected => _unexpected;

    public long this[CrmRequestKind kind] => Volatile.Read(ref _byKind[(int)kind]);

    public long Total => Enum.GetValues<CrmRequestKind>().Sum(kind => this[kind]);

    public void Add(CrmRequestKind kind)
    {
        Interlocked.Increment(ref _byKind[(int)kind]);
        Signal();
    }

    public void AddUnexpected(string request)
    {
        _unexpected.Enqueue(request);
        Add(CrmRequestKind.Unknown);
    }

    /// <summary>Something that somebody may wait for has changed.</summary>
    public void Signal()
    {
        if (Volatile.Read(ref _waiting) > 0)
        {
            Interlocked.Exchange(ref _arrival, NewArrival()).SetResult();
        }
    }

    public async Task WaitUntil(Func<bool> condition, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            while (true)
            {
                var next = Volatile.Read(ref _arrival).Task;
                if (condition())
                {
                    return;
                }

                await next.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
