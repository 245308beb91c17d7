using System.CommandLine;
using CampaignSender.Sandbox.Chaos;

namespace CampaignSender.Sandbox.Commands;

internal static class ChaosCommand
{
    /// <summary>With the default number of faults, two minutes.</summary>
    private const int SecondsPerFault = 2;
    private const int LeastSeconds = 20;

    public static Command Build()
    {
        var broker = BrokerOption.Create();
        var contacts = NumberOption.WithDefault("--contacts", 20_000, 100, 1_000_000, "Contacts over all campaigns");
        var pageSize = NumberOption.WithDefault("--page-size", 250, 1, 10_000, "Contacts of a page");
        var faults = NumberOption.WithDefault("--faults", 60, 0, 10_000, "Faults");
        var seed = NumberOption.WithDefault("--seed", 1, 0, int.MaxValue, "Repeats the plan");
        var seeds = SeedRange.Option();
        var replicas = NumberOption.WithDefault("--replicas", 3, 1, 20, "Processes of the service");
        var seconds = NumberOption.WithDefault(
            "--seconds",
            0,
            0,
            86_400,
            $"The time that the faults are spread over; 0: {SecondsPerFault} s each, and the outage"
        );
        var outage = NumberOption.WithDefault(
            "--crm-outage",
            0,
            0,
            3_600,
            "Seconds that the CRM is away in the middle"
        );
        var timeout = NumberOption.WithDefault(
            "--timeout",
            180,
            1,
            86_400,
            "Seconds from peace until all must be done"
        );
        var kinds = new Option<FaultKind[]>("--kinds")
        {
            Description = $"Only these kinds of faults, separated by spaces, of {string.Join(", ", FaultTraits.All)}",
            AllowMultipleArgumentsPerToken = true,
        };
        var dropShare = DropShareOption.Create();
        var variables = ReplicaVariables.Option();
        var host = HostAssembly.Option();
        var report = RunReport.Option("--report", "Where the whole report goes as JSON");
        var logs = new Option<DirectoryInfo?>("--logs") { Description = "A folder to copy the replicas' logs to" };

        var command = new Command(
            "chaos",
            "Sends campaigns while everything around them breaks. Exit code 1 when a promise is broken."
        )
        {
            broker,
            contacts,
            pageSize,
            faults,
            kinds,
            seed,
            seeds,
            replicas,
            seconds,
            dropShare,
            outage,
            timeout,
            variables,
            host,
            report,
            logs,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                Run(
                    new ChaosOptions
                    {
                        Broker = arguments.GetValue(broker),
                        Contacts = arguments.GetValue(contacts),
                        PageSize = arguments.GetValue(pageSize),
                        Faults = arguments.GetValue(faults),
                        Kinds = arguments.GetValue(kinds) is { Length: > 0 } chosen
                            ? chosen.ToHashSet()
                            : FaultTraits.All,
                        Seed = arguments.GetValue(seed),
                        Replicas = arguments.GetValue(replicas),
                        Duration = Duration(
                            arguments.GetValue(seconds),
                            arguments.GetValue(faults),
                            arguments.GetValue(outage)
                        ),
                        DropShare = arguments.GetValue(dropShare),
                        CrmOutage = TimeSpan.FromSeconds(arguments.GetValue(outage)),
                        Timeout = TimeSpan.FromSeconds(arguments.GetValue(timeout)),
                        Variables = ReplicaVariables.Read(arguments.GetValue(variables)),
                        HostAssembly = arguments.GetValue(host)!.FullName,
                        LogFolder = arguments.GetValue(logs)?.FullName,
                    },
                    arguments.GetValue(seeds) is { } text ? SeedRange.TryRead(text)! : [arguments.GetValue(seed)],
                    arguments.GetValue(report),
                    cancellationToken
                )
        );
        return command;
    }

    private static TimeSpan Duration(int seconds, int faults, int outage) =>
        TimeSpan.FromSeconds(seconds > 0 ? seconds : Math.Max(LeastSeconds, SecondsPerFault * faults) + outage);

    private static async Task<int> Run(
        ChaosOptions options,
        IReadOnlyList<int> seeds,
        FileInfo? file,
        CancellationToken cancellationToken
    )
    {
        var reports = new List<ChaosReport>();
        var brokenOff = new List<int>();
        foreach (var seed in seeds)
        {
            var run = new ChaosRun(options with { Seed = seed }, Console.Out, TimeProvider.System);
            try
            {
                reports.Add(await run.Run(cancellationToken));
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The other seeds are still worth their time.
                brokenOff.Add(seed);
                await Console.Error.WriteLineAsync($"The run with seed {seed} broke off: {exception.Message}");
                continue;
            }

            if (file is not null)
            {
                // After each run: what is known stays if a later one is broken off.
                await File.WriteAllTextAsync(file.FullName, ChaosReport.ToJson(reports), cancellationToken);
            }
        }

        if (seeds.Count > 1)
        {
            new ChaosWriter(Console.Out).Summarize(reports);
            brokenOff.ForEach(seed => Console.WriteLine($"{seed, 6}  broke off"));
        }

        return brokenOff.Count == 0 && reports.All(report => report.Reckoning.IsKept) ? 0 : 1;
    }
}
