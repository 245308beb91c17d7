using System.Diagnostics;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Load;

/// <summary>Sends one campaign as fast as it goes and measures what that costs.</summary>
internal sealed class LoadRun(LoadOptions options, IServerLog log)
{
    public async Task<LoadReport> Run(CancellationToken cancellationToken)
    {
        await using var stage = await Stage.Set(
            new StageOptions
            {
                HostAssembly = options.HostAssembly,
                Broker = options.Broker,
                Replicas = options.Replicas,
                Crm = new SimulatedCrmOptions { Latency = options.CrmLatency },
                Variables = options.Variables,
            },
            log,
            cancellationToken
        );
        var plan = new CampaignPlan
        {
            ContactIds = CampaignPlan.NewContacts(options.Contacts),
            PageSize = options.PageSize,
            SeedStatus = options.SeedStatus,
        };
        stage.Crm.Add(plan);
        await stage.Rows.Insert(plan, cancellationToken);

        log.Say($"Sending {options.Contacts:N0} contacts in {plan.PageCount:N0} pages");
        var measured = await Measure(stage, plan, cancellationToken);
        var reckoning = await stage.Reckoner.Reckon([plan], Due, cancellationToken);
        return LoadReport.From(options, reckoning, measured);
    }

    private IEnumerable<Guid> Due(CampaignPlan plan) => plan.SeedStatus is LoadOptions.Pending ? plan.ContactIds : [];

    private async Task<LoadMeasurement> Measure(Stage stage, CampaignPlan plan, CancellationToken cancellationToken)
    {
        var statements = await TryCountStatements(stage, cancellationToken);
        var processorTime = ProcessorTime(stage);
        var started = Stopwatch.GetTimestamp();

        foreach (var page in plan.Pages())
        {
            await stage.Broker.Publish(page, cancellationToken);
        }

        await WaitForReports(stage, plan, cancellationToken);

        var duration = Stopwatch.GetElapsedTime(started);
        return new LoadMeasurement(
            duration,
            ProcessorTime(stage) - processorTime,
            stage.Replicas.Max(replica => replica.PeakMemory),
            await TryCountStatements(stage, cancellationToken) - statements
        );
    }

    // All statements in the database are the replicas': nobody else asks it while the run is measured.
    private static async Task<long?> TryCountStatements(Stage stage, CancellationToken cancellationToken)
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

    // A run that does not come to its end is reckoned as it stands.
    private async Task WaitForReports(Stage stage, CampaignPlan plan, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.Timeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await stage.Reports.WaitForPages(plan.CampaignId, plan.PageCount, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            log.Say($"Not all pages were reported in {options.Timeout.TotalSeconds:N0} s");
        }
    }

    private static TimeSpan ProcessorTime(Stage stage) =>
        TimeSpan.FromTicks(stage.Replicas.Sum(replica => replica.ProcessorTime.Ticks));
}
