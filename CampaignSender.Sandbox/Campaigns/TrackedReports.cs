using System.Collections.Concurrent;
using CampaignSender.Contracts;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>The reports of finished pages, the first of each page, as evo-flow's tracker keeps them.</summary>
internal sealed class TrackedReports
{
    private readonly ConcurrentDictionary<(Guid Campaign, int Page), CampaignsTracked> _first = new();
    private readonly ConcurrentQueue<CampaignsTracked> _all = new();
    private TaskCompletionSource _arrival = NewArrival();
    private Exception? _failure;

    public IReadOnlyCollection<CampaignsTracked> First => [.. _first.Values];

    /// <summary>Repeated ones too.</summary>
    public IReadOnlyCollection<CampaignsTracked> All => _all;

    /// <summary>Takes a report as it came from the broker.</summary>
    public void Add(ReadOnlyMemory<byte> body)
    {
        var report = MessageParser.Parse<CampaignsTracked>(body, new MessageLimits());
        _all.Enqueue(report);
        _first.TryAdd((report.CampaignId, report.Page), report);
        Announce();
    }

    /// <summary>Nothing arrives any more: whoever waits, or will wait, is told why.</summary>
    public void Fail(Exception failure)
    {
        Volatile.Write(ref _failure, failure);
        Announce();
    }

    /// <summary>Waits until that many pages of the campaign are reported.</summary>
    public Task WaitForPages(Guid campaignId, int pages, CancellationToken cancellationToken) =>
        WaitUntil(() => _first.Keys.Count(key => key.Campaign == campaignId) >= pages, cancellationToken);

    /// <summary>Waits until that many reports have arrived, repeated ones too.</summary>
    public Task WaitForReceived(int reports, CancellationToken cancellationToken) =>
        WaitUntil(() => _all.Count >= reports, cancellationToken);

    private async Task WaitUntil(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = Volatile.Read(ref _arrival).Task;
            if (condition())
            {
                return;
            }

            if (Volatile.Read(ref _failure) is { } failure)
            {
                throw new InvalidOperationException("The reports on campaigns.tracked cannot be read.", failure);
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    private void Announce() => Interlocked.Exchange(ref _arrival, NewArrival()).SetResult();

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
