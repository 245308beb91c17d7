using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>Everything is whole again: waits until all is done that can be done.</summary>
internal sealed class Peace(
    Stage stage,
    ChaosCampaigns campaigns,
    ContactRows rows,
    IReadOnlyList<SupervisedReplica> replicas,
    Patience patience,
    TimeProvider time
)
{
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(500);

    /// <summary>After the last report, for what might still come of a request or a claim of before.</summary>
    private static readonly TimeSpan _afterglow = ReplicaPace.ClaimTime + TimeSpan.FromSeconds(2);

    /// <summary>After that time without any step nobody expects another one.</summary>
    private static readonly TimeSpan _standstill = TimeSpan.FromSeconds(90);

    /// <summary>Whether all was done in time.</summary>
    public async Task<bool> Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var (done, doneAt) = (-1L, time.GetTimestamp());
            while (!await IsDone(either.Token))
            {
                var now = stage.Reports.First.Count - await patience.Insist(CountPending, either.Token);
                if (now != done)
                {
                    (done, doneAt) = (now, time.GetTimestamp());
                }

                if (time.GetElapsedTime(doneAt) > _standstill)
                {
                    return false;
                }

                await Task.Delay(_poll, time, either.Token);
            }

            await Task.Delay(_afterglow, time, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> IsDone(CancellationToken cancellationToken) =>
        AreReported()
        && await patience.Insist(stage.Rows.CountParked, cancellationToken) == 0
        && await patience.Insist(stage.Broker.CountWaitingPages, cancellationToken) == 0
        && await patience.Insist(CountPending, cancellationToken) == 0
        && await AreReady(cancellationToken);

    private bool AreReported()
    {
        var reported = stage.Reports.First.CountBy(report => report.CampaignId).ToDictionary();
        return campaigns
            .Plans.Where(campaigns.MustFinish)
            .All(plan => reported.GetValueOrDefault(plan.CampaignId) >= plan.PageCount);
    }

    private Task<long> CountPending(CancellationToken cancellationToken) =>
        rows.CountPending(
            [.. campaigns.Plans.Where(campaigns.MustFinish).Select(plan => plan.CampaignId)],
            cancellationToken
        );

    private async Task<bool> AreReady(CancellationToken cancellationToken)
    {
        foreach (var replica in replicas)
        {
            if (!await patience.Insist(replica.Replica.IsReady, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }
}
