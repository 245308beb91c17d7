using System.Diagnostics;
using CampaignSender.Sandbox.Replicas;

namespace CampaignSender.Sandbox.Growth;

/// <summary>Looks at the replicas once a second.</summary>
internal sealed class GrowthSampler(IReadOnlyList<Replica> replicas)
{
    private const string Settled = "campaign_sender_contacts_total";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<GrowthSample> _samples = [];

    /// <summary>Once <see cref="Run"/> has ended.</summary>
    public IReadOnlyList<GrowthSample> Samples => _samples;

    public async Task Run(CancellationToken until)
    {
        var before = await CountSettled(until);
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            do
            {
                var settled = await CountSettled(until);
                _samples.Add(
                    new GrowthSample(
                        Stopwatch.GetElapsedTime(started).TotalSeconds,
                        settled - before,
                        replicas.Max(replica => replica.Memory) / 1e6
                    )
                );
            } while (await timer.WaitForNextTickAsync(until));
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task<double> CountSettled(CancellationToken cancellationToken)
    {
        var metrics = await Task.WhenAll(replicas.Select(replica => replica.Metrics(cancellationToken)));
        return metrics.Sum(each => each.Sum(Settled, labels: ""));
    }
}
