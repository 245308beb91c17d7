using CampaignSender.Host.Pacing;
using Microsoft.Extensions.Time.Testing;

namespace CampaignSender.Tests.Pacing;

/// <summary>Plays the database's row of one inbox, by a clock that only moves when it is told to.</summary>
internal sealed class TokenBucket(FakeTimeProvider time, InboxLimit limit) : IInboxLimits
{
    private double _nextAt = double.MinValue;

    public InboxLimit Limit { get; set; } = limit;

    /// <summary>Thrown instead of an answer.</summary>
    public Exception? Fault { get; set; }

    /// <summary>How many each statement asked for.</summary>
    public List<int> Asked { get; } = [];

    public Task<InboxLimit> Read(Guid inboxId, CancellationToken cancellationToken) => Task.FromResult(Limit);

    public Task Set(Guid inboxId, int? capacity, int? refillRate, CancellationToken cancellationToken)
    {
        Limit = new InboxLimit(capacity ?? Limit.Capacity, refillRate ?? Limit.RefillRate);
        return Task.CompletedTask;
    }

    public Task<InboxGrant?> Take(Guid inboxId, int count, InboxLimit limit, CancellationToken cancellationToken)
    {
        Asked.Add(count);
        if (Fault is { } fault)
        {
            return Task.FromException<InboxGrant?>(fault);
        }

        if (Limit.RefillRate == 0)
        {
            return Task.FromResult<InboxGrant?>(null);
        }

        var now = time.GetTimestamp() / (double)time.TimestampFrequency;
        var granted = _nextAt < now + InboxLimitStore.Farthest.TotalSeconds ? count : 0;
        if (granted > 0)
        {
            var saved = (Limit.Capacity - 1d) / Limit.RefillRate;
            _nextAt = Math.Max(_nextAt, now - saved) + ((double)count / Limit.RefillRate);
        }

        return Task.FromResult<InboxGrant?>(new InboxGrant(granted, _nextAt - now, Limit.Capacity, Limit.RefillRate));
    }
}
