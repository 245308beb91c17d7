using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Load;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Growth;

/// <summary>One large campaign in a table that holds many rows of others, and its first pages once more.</summary>
internal sealed class GrowthRun(GrowthOptions options, IServerLog log)
{
    private const int WarmUp = 10_000;
    private const int RedeliveredPages = 20;
    private const int Explained = 20_000;

    public async Task<GrowthReport> Run(CancellationToken cancellationToken)
    {
        await using var stage = await Stage.Set(
            new StageOptions
            {
                HostAssembly = options.HostAssembly,
                Broker = options.Broker,
                Replicas = options.Replicas,
                Crm = new SimulatedCrmOptions { Latency = options.CrmLatency },
                Variables = options.Variables,
                Needs = ServerNeeds.Durable | ServerNeeds.StatementPlans,
            },
            log,
            cancellationToken
        );
        var table = new ContactTable(stage.Database.ConnectionString);
        log.Say($"Adding {options.OtherContacts:N0} contacts of other campaigns");
        await table.InsertSettledContacts(options.OtherContacts, cancellationToken);
        var meter = new CampaignMeter(stage, options.Timeout, log);
        await meter.Measure(await Prepare(stage, WarmUp, cancellationToken), cancellationToken);
        var plan = await Prepare(stage, options.Contacts, cancellationToken);
        await table.Vacuum(cancellationToken);
        await stage.Servers.PostgreSql.ResetStatementCount(stage.Database.Name, cancellationToken);
        var before = await table.Use(cancellationToken);

        log.Say($"Sending {options.Contacts:N0} contacts in {plan.PageCount:N0} pages");
        var sampler = new GrowthSampler(stage.Replicas);
        using var sent = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sampling = sampler.Run(sent.Token);
        var measured = await meter.Measure(plan, cancellationToken);
        await sent.CancelAsync();
        await sampling;

        var statements = await stage.Servers.PostgreSql.StatementCosts(stage.Database.Name, cancellationToken);
        var after = await table.Use(cancellationToken);
        var reckoning = await stage.Reckoner.Reckon([plan], each => each.ContactIds, cancellationToken);
        var (milliseconds, requests) = await Redeliver(stage, plan, cancellationToken);
        return new GrowthReport
        {
            Broker = options.Broker.ToString(),
            Replicas = options.Replicas,
            Contacts = options.Contacts,
            OtherContacts = options.OtherContacts,
            Seconds = measured.Duration.TotalSeconds,
            CpuMsPerContact = measured.ProcessorTime.TotalMilliseconds / options.Contacts,
            PeakMemoryMb = measured.PeakMemory / 1e6,
            WalBytesPerContact = (double)measured.WalBytes / options.Contacts,
            Statements = statements,
            Before = before,
            After = after,
            RedeliveredPageMs = milliseconds,
            RedeliveredPageRequests = requests,
            Plans = await Explain(stage, meter, cancellationToken),
            Samples = sampler.Samples,
            Faults = [.. reckoning.Faults(options.Contacts, expectedDeadLetters: 0)],
        };
    }

    private static Task<CampaignPlan> Prepare(Stage stage, int contacts, CancellationToken cancellationToken) =>
        stage.Prepare(new CampaignPlan { ContactIds = CampaignPlan.NewContacts(contacts) }, cancellationToken);

    /// <summary>After all that is measured: it takes time to tell a plan.</summary>
    private static async Task<IReadOnlyList<StatementPlan>> Explain(
        Stage stage,
        CampaignMeter meter,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(stage, Explained, cancellationToken);
        if (!await stage.Servers.PostgreSql.TryLogPlans(cancellationToken))
        {
            return [];
        }

        await meter.Measure(plan, cancellationToken);
        await Redeliver(stage, plan, cancellationToken);
        var plans = await stage.Servers.PostgreSql.Plans(cancellationToken);
        return [.. plans.Where(each => each.Statement.Any(line => line.Contains("campaigns_contacts")))];
    }

    /// <summary>The database's time for each page, and the requests to the CRM for all.</summary>
    private static async Task<(double Milliseconds, long Requests)> Redeliver(
        Stage stage,
        CampaignPlan plan,
        CancellationToken cancellationToken
    )
    {
        var pages = plan.Pages().Take(RedeliveredPages).ToList();
        var reports = stage.Reports.All.Count;
        var requests = stage.Crm.RequestCount;
        await stage.Servers.PostgreSql.ResetStatementCount(stage.Database.Name, cancellationToken);
        foreach (var page in pages)
        {
            // One by one: of several at once each statement's time would hold the others', for want of processors.
            await stage.Broker.Publish(page, cancellationToken);
            await stage.Reports.WaitForReceived(++reports, cancellationToken);
        }

        var statements = await stage.Servers.PostgreSql.StatementCosts(stage.Database.Name, cancellationToken);
        return (
            statements.Sum(statement => statement.Calls * statement.Milliseconds) / pages.Count,
            stage.Crm.RequestCount - requests
        );
    }
}
