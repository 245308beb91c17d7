using System.CommandLine;
using CampaignSender.Sandbox.Bench;

namespace CampaignSender.Sandbox.Commands;

internal static class BenchCommand
{
    public static Command Build()
    {
        var brokers = BrokerOption.CreateMany("--brokers", "The service on each of these");
        var latencies = NumberOption.SeveralWithDefault(
            "--latencies",
            [0, 20, 100],
            0,
            60_000,
            "Milliseconds that the CRM takes for an answer"
        );
        var concurrencies = NumberOption.SeveralWithDefault(
            "--concurrencies",
            [16, 64, 128],
            1,
            10_000,
            "Requests in flight of each sender"
        );
        var senders = NumberOption.SeveralWithDefault(
            "--senders",
            [1, 2],
            1,
            50,
            "Replicas, and processes of the bare loop"
        );
        var rounds = NumberOption.WithDefault(
            "--rounds",
            3,
            1,
            100,
            "Measurements of each system in each setting, in turn"
        );
        var seconds = NumberOption.WithDefault("--seconds", 10, 1, 3_600, "About how long one measurement takes");
        var report = RunReport.Option("--report", "Where all measurements go as JSON");
        var table = RunReport.Option("--table", "Where the medians go as a table in Markdown; else to the output");
        var variables = ReplicaVariables.Option();
        var host = HostAssembly.Option();

        var command = new Command(
            "bench",
            "Measures the service beside a bare loop that makes the same requests and does nothing else. Exit code 1 when database, CRM and broker do not agree after a run."
        )
        {
            brokers,
            latencies,
            concurrencies,
            senders,
            rounds,
            seconds,
            variables,
            host,
            report,
            table,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                Run(
                    new BenchOptions
                    {
                        Brokers = arguments.GetValue(brokers)!.Values,
                        Cells =
                        [
                            .. from latency in arguments.GetValue(latencies)!.Values
                            from concurrency in arguments.GetValue(concurrencies)!.Values
                            from count in arguments.GetValue(senders)!.Values
                            select new BenchCell(latency, concurrency, count),
                        ],
                        Rounds = arguments.GetValue(rounds),
                        Seconds = arguments.GetValue(seconds),
                        Variables = ReplicaVariables.Read(arguments.GetValue(variables)),
                        HostAssembly = arguments.GetValue(host)!.FullName,
                    },
                    arguments.GetValue(report),
                    arguments.GetValue(table),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> Run(
        BenchOptions options,
        FileInfo? reportFile,
        FileInfo? tableFile,
        CancellationToken cancellationToken
    )
    {
        var report = await new BenchRun(options, new ConsoleLog()).Run(cancellationToken);
        if (reportFile is not null)
        {
            await File.WriteAllTextAsync(reportFile.FullName, report.ToJson(), cancellationToken);
        }

        var table = BenchTable.Write(report);
        if (tableFile is null)
        {
            Console.WriteLine(table);
        }
        else
        {
            await File.WriteAllTextAsync(tableFile.FullName, table, cancellationToken);
        }

        return await RunReport.Tell([.. report.Faults]);
    }
}
