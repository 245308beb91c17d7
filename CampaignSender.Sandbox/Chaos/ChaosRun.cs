using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Stages;
using Npgsql;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>Sends campaigns while everything around them breaks, then lets them come to their end in peace, and reckons.</summary>
internal sealed class ChaosRun(ChaosOptions options, TextWriter output, TimeProvider time)
{
    private readonly ChaosLog _log = new(output, time);
    private readonly Patience _patience = new(time);
    private readonly ChaosCampaigns _campaigns = new(options);
    private readonly Silences _silences = new(time);
    private readonly IReadOnlyList<PlannedFault> _plan = FaultPlan.Draw(options);
    private int _storedUnderFaults;

    public async Task<ChaosReport> Run(CancellationToken cancellationToken)
    {
        var writer = new ChaosWriter(output);
        writer.Plan(options, _campaigns, _plan);
        await using var stage = await Stage.Set(StageOptions(), _log, cancellationToken);
        await using var database = NpgsqlDataSource.Create(stage.Database.ConnectionString);
        var rows = new ContactRows(database);
        SupervisedReplica[] replicas =
        [
            .. stage.Replicas.Select((replica, index) => new SupervisedReplica(index + 1, replica, _log, time)),
        ];
        await Prepare(stage, cancellationToken);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] companions =
        [
            .. replicas.Select(replica => replica.Supervise(end.Token)),
            new ChaosProgress(stage, rows, _log, time).Follow(end.Token),
        ];
        try
        {
            var faults = await Break(stage, replicas, cancellationToken);
            var inTime = await AwaitPeace(stage, rows, replicas, cancellationToken);
            await end.CancelAsync();
            await Task.WhenAll(companions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var report = await Reckon(stage, rows, replicas, faults, inTime, cancellationToken);
            writer.Conclude(report);
            return report;
        }
        catch (Exception exception)
        {
            // Said here: what goes wrong while the stage is struck would hide it.
            _log.Tell(
                cancellationToken.IsCancellationRequested
                    ? "the run was told to end"
                    : $"the run breaks off: {exception}"
            );
            throw;
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(companions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            CopyLogs(replicas);
        }
    }

    private StageOptions StageOptions() =>
        new()
        {
            HostAssembly = options.HostAssembly,
            Broker = options.Broker,
            Replicas = options.Replicas,
            HasLinks = true,
            Needs = ServerNeeds.Durable,
            Crm = new SimulatedCrmOptions
            {
                // A port that nobody else is given while the CRM is away.
                Port = FreePort.Pick(),
                Latency = ReplicaPace.CrmLatency,
                KeepsJournal = true,
            },
            Variables = ReplicaPace.Variables(options),
        };

    private async Task Prepare(Stage stage, CancellationToken cancellationToken)
    {
        _campaigns.IntroduceTo(stage.Crm);
        foreach (var plan in _campaigns.Plans)
        {
            await stage.Rows.Insert(plan, cancellationToken);
        }

        stage.Crm.LoseShareOfAnswers(options.DropShare);
    }

    private async Task<IReadOnlyList<CarriedFault>> Break(
        Stage stage,
        SupervisedReplica[] replicas,
        CancellationToken cancellationToken
    )
    {
        using var crm = new CrmTroubles(stage.Crm, time);
        var feed = new PageFeed(stage.Broker, _patience, _log, time);
        var carrier = new FaultCarrier(
            stage,
            options.Broker,
            crm,
            _campaigns,
            feed,
            _silences,
            replicas,
            _patience,
            time
        );
        var schedule = new FaultSchedule(carrier, _log, time);
        _log.StartClock();
        await Task.WhenAll(
            feed.Publish(_campaigns.Messages(), options.Duration, cancellationToken),
            schedule.Run(_plan, cancellationToken)
        );
        return schedule.Carried;
    }

    private async Task<bool> AwaitPeace(
        Stage stage,
        ContactRows rows,
        SupervisedReplica[] replicas,
        CancellationToken cancellationToken
    )
    {
        _log.Tell("peace: everything is whole again");
        _storedUnderFaults = Stored(stage);
        var peace = new Peace(stage, _campaigns, rows, replicas, _patience, time);
        var inTime = await peace.Wait(options.Timeout, cancellationToken);
        _log.Tell(inTime ? "all is done" : "not all is done, and nothing seems to move any more");
        return inTime;
    }

    private async Task<ChaosReport> Reckon(
        Stage stage,
        ContactRows rows,
        SupervisedReplica[] replicas,
        IReadOnlyList<CarriedFault> faults,
        bool inTime,
        CancellationToken cancellationToken
    )
    {
        var reckoner = new ChaosReckoner(stage, _campaigns, _silences, rows, _patience);
        var reckoning = await reckoner.Reckon(replicas, faults, cancellationToken);
        var logs = ReplicaLogs.Search(replicas, reckoning.Contacts);
        var timeLines = new TimeLines(stage, logs, faults, _log.Start);
        return new ChaosReport
        {
            Options = options,
            Plan = _plan,
            Events = _log.Events,
            Faults = faults,
            Seconds = Math.Round(_log.Elapsed.TotalSeconds, 1),
            DoneInTime = inTime,
            StoredUnderFaults = _storedUnderFaults,
            PostsAtCrm = stage.Crm.PostCount,
            LookupsAtCrm = stage.Crm.LookupCount,
            UnaskedEnds = replicas.Sum(replica => replica.UnaskedEnds),
            OverdueStops = replicas.Sum(replica => replica.OverdueStops),
            Reckoning = reckoning with
            {
                Contacts = [.. reckoning.Contacts.Select(timeLines.Complete)],
                Others = [.. reckoning.Others, .. MissedWork(Stored(stage))],
            },
        };
    }

    private int Stored(Stage stage) => _campaigns.Plans.Sum(plan => stage.Crm.Messages(plan.CampaignId).Count);

    private IEnumerable<BrokenPromise> MissedWork(int stored) =>
        _plan.Count > 0 && 2 * _storedUnderFaults < stored
            ?
            [
                new BrokenPromise(
                    Promise.FaultsMissedTheWork,
                    $"of {stored} messages {_storedUnderFaults} were stored before peace"
                ),
            ]
            : [];

    private void CopyLogs(SupervisedReplica[] replicas)
    {
        if (options.LogFolder is not { } folder)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        foreach (var replica in replicas)
        {
            var file = Path.Combine(folder, $"seed-{options.Seed}-replica-{replica.Number}.log");
            File.WriteAllLines(file, replica.Replica.Log());
        }
    }
}
