using System.Diagnostics;
using System.Globalization;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Load;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Bench;

/// <summary>
/// Measures the service beside the bare loop on the same simulated CRM, in turn, so that what the machine does besides
/// falls on all alike.
/// </summary>
internal sealed class BenchRun(BenchOptions options, IServerLog log)
{
    public const string BareLoop = "bare loop";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public async Task<BenchReport> Run(CancellationToken cancellationToken)
    {
        var needs = options.Brokers.Aggregate(
            ServerNeeds.PostgreSql | ServerNeeds.Durable,
            (sum, broker) => sum | StageBroker.Needs(broker)
        );
        await using var servers = await LocalServers.Start(needs, log, cancellationToken);
        var machine = BenchMachine.Read(await BenchServers.Describe(servers, options.Brokers, cancellationToken));
        var measurements = new List<BenchMeasurement>();
        foreach (var cell in options.Cells)
        {
            log.Say($"CRM at {cell.LatencyMs} ms, {cell.Concurrency} in flight, {cell.Senders} senders");
            for (var round = 1; round <= options.Rounds; round++)
            {
                foreach (var measure in InTurn(servers, cell, round, cancellationToken))
                {
                    // A CRM that keeps all messages of hours would be another one at the end.
                    await using var crm = await SimulatedCrm.Start(new SimulatedCrmOptions(), cancellationToken);
                    var measurement = await measure(crm);
                    log.Say(
                        $"  {measurement.System}: {measurement.ContactsPerSecond:N0} contacts/s {string.Join("; ", measurement.Faults)}"
                    );
                    measurements.Add(measurement);
                }
            }
        }

        return new BenchReport { Machine = machine, Measurements = measurements };
    }

    /// <summary>Each round begins with another one, so that what one leaves to the next is not always the same one's.</summary>
    private IEnumerable<Func<SimulatedCrm, Task<BenchMeasurement>>> InTurn(
        LocalServers servers,
        BenchCell cell,
        int round,
        CancellationToken cancellationToken
    )
    {
        Func<SimulatedCrm, Task<BenchMeasurement>>[] systems =
        [
            crm => MeasureBareLoop(crm, cell, round, cancellationToken),
            .. options.Brokers.Select<BrokerKind, Func<SimulatedCrm, Task<BenchMeasurement>>>(broker =>
                crm => MeasureService(servers, crm, broker, cell, round, cancellationToken)
            ),
        ];
        var first = (round - 1) % systems.Length;
        return [.. systems[first..], .. systems[..first]];
    }

    private async Task<BenchMeasurement> MeasureBareLoop(
        SimulatedCrm crm,
        BenchCell cell,
        int round,
        CancellationToken cancellationToken
    )
    {
        var plan = new CampaignPlan { ContactIds = [] };
        crm.Add(plan);
        var contacts = cell.Contacts(options.Seconds);
        var loop = new BareLoopOptions
        {
            Crm = crm.BaseUrl,
            Token = crm.Token,
            InboxId = plan.InboxId,
            TemplateId = plan.TemplateId,
            CampaignId = plan.CampaignId,
            Contacts = contacts / cell.Senders,
            WarmUp = BenchCell.WarmUp,
            Concurrency = cell.Concurrency,
        };
        var processes = new List<BareLoopProcess>();
        try
        {
            while (processes.Count < cell.Senders)
            {
                processes.Add(await BareLoopProcess.Start(loop, cancellationToken));
            }

            crm.Latency = TimeSpan.FromMilliseconds(cell.LatencyMs);
            using var crmProcess = Process.GetCurrentProcess();
            var crmCpu = crmProcess.TotalProcessorTime;
            var results = await Task.WhenAll(processes.Select(process => process.Send(cancellationToken)));
            crmProcess.Refresh();
            return new BenchMeasurement
            {
                Round = round,
                Cell = cell,
                System = BareLoop,
                Contacts = contacts,
                ContactsPerSecond = contacts / results.Max(result => result.Seconds),
                CpuMsPerContact = results.Sum(result => result.CpuMs) / contacts,
                AllocatedKbPerContact = results.Sum(result => result.AllocatedBytes) / 1000 / contacts,
                PeakMemoryMb = results.Max(result => result.PeakMemory) / 1e6,
                CrmCpuMsPerContact = (crmProcess.TotalProcessorTime - crmCpu).TotalMilliseconds / contacts,
            };
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
        }
    }

    private async Task<BenchMeasurement> MeasureService(
        LocalServers servers,
        SimulatedCrm crm,
        BrokerKind broker,
        BenchCell cell,
        int round,
        CancellationToken cancellationToken
    )
    {
        var stageOptions = new StageOptions
        {
            HostAssembly = options.HostAssembly,
            Broker = broker,
            Replicas = cell.Senders,
            Variables = new Dictionary<string, string>(options.Variables)
            {
                ["DISPATCH_CONCURRENCY"] = cell.Concurrency.ToString(CultureInfo.InvariantCulture),
            },
        };
        EvoFlowDatabase database;
        BenchMeasurement measurement;
        await using (var stage = await Stage.Set(stageOptions, servers, crm, new SilentLog(), cancellationToken))
        {
            database = stage.Database;
            var meter = new CampaignMeter(stage, Patience, log);
            var warmUp = new CampaignPlan { ContactIds = CampaignPlan.NewContacts(BenchCell.WarmUp * cell.Senders) };
            await meter.Measure(await stage.Prepare(warmUp, cancellationToken), cancellationToken);
            crm.Latency = TimeSpan.FromMilliseconds(cell.LatencyMs);
            var plan = await stage.Prepare(
                new CampaignPlan { ContactIds = CampaignPlan.NewContacts(cell.Contacts(options.Seconds)) },
                cancellationToken
            );
            var measured = await meter.Measure(plan, cancellationToken);
            var reckoning = await stage.Reckoner.Reckon([plan], each => each.ContactIds, cancellationToken);
            var contacts = plan.ContactIds.Count;
            measurement = new BenchMeasurement
            {
                Round = round,
                Cell = cell,
                System = broker.ToString(),
                Contacts = contacts,
                ContactsPerSecond = contacts / measured.Duration.TotalSeconds,
                CpuMsPerContact = measured.ProcessorTime.TotalMilliseconds / contacts,
                AllocatedKbPerContact = measured.AllocatedBytes / 1000 / contacts,
                PeakMemoryMb = measured.PeakMemory / 1e6,
                SqlStatementsPerContact = (double?)measured.Statements / contacts,
                WalBytesPerContact = (double)measured.WalBytes / contacts,
                BrokerSegmentsPerPage = (double?)measured.BrokerSegments / plan.PageCount,
                Faults = [.. reckoning.Faults(contacts, expectedDeadLetters: 0)],
            };
        }

        await database.Drop(cancellationToken);
        return measurement;
    }

    private sealed class SilentLog : IServerLog
    {
        public void Say(string line) { }
    }
}
