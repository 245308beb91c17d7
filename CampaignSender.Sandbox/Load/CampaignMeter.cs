using System.Diagnostics;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Load;

/// <summary>Sends one campaign as fast as it goes and measures what that costs.</summary>
/// <param name="patience">The longest that it may take.</param>
internal sealed class CampaignMeter(Stage stage, TimeSpan patience, IServerLog log)
{
    // As OpenTelemetry names the runtime's counter dotnet.gc.heap.total_allocated for Prometheus.
    private const string Allocated = "dotnet_gc_heap_total_allocated_bytes_total";

    /// <summary>Its contacts must be in the database and known to the CRM.</summary>
    public async Task<LoadMeasurement> Measure(CampaignPlan plan, CancellationToken cancellationToken)
    {
        var before = await Take(cancellationToken);
        var started = Stopwatch.GetTimestamp();

        foreach (var page in plan.Pages())
        {
            await stage.Broker.Publish(page, cancellationToken);
        }

        await stage.WaitForReports([plan], patience, log, cancellationToken);

        var duration = Stopwatch.GetElapsedTime(started);
        var after = await Take(cancellationToken);
        return new LoadMeasurement
        {
            Duration = duration,
            ProcessorTime = after.ProcessorTime - before.ProcessorTime,
            PeakMemory = stage.Replicas.Max(replica => replica.PeakMemory),
            AllocatedBytes = after.AllocatedBytes - before.AllocatedBytes,
            Statements = after.Statements - before.Statements,
            WalBytes = after.WalBytes - before.WalBytes,
            BrokerSegments = after.BrokerSegments - before.BrokerSegments,
        };
    }

    private async Task<Sums> Take(CancellationToken cancellationToken)
    {
        var metrics = await Task.WhenAll(stage.Replicas.Select(replica => replica.Metrics(cancellationToken)));
        var segments = await Task.WhenAll(
            stage.Replicas.Select(replica => replica.SegmentsSent(stage.ReplicaBroker.Ports, cancellationToken))
        );
        return new Sums(
            TimeSpan.FromTicks(stage.Replicas.Sum(replica => replica.ProcessorTime.Ticks)),
            metrics.Sum(each => each.Sum(Allocated, labels: "")),
            await TryCountStatements(cancellationToken),
            await stage.Servers.PostgreSql.WalBytes(cancellationToken),
            segments.Aggregate((sum, each) => sum + each)
        );
    }

    // All statements in the database are the replicas': nobody else asks it while the run is measured.
    private async Task<long?> TryCountStatements(CancellationToken cancellationToken)
    {
        try
        {
            return await stage.Servers.PostgreSql.StatementCount(stage.Database.Name, cancellationToken);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private sealed record Sums(
        TimeSpan ProcessorTime,
        double AllocatedBytes,
        long? Statements,
        long WalBytes,
        long? BrokerSegments
    );
}
