using System.CommandLine;
using CampaignSender.Sandbox.Pace;

namespace CampaignSender.Sandbox.Commands;

internal static class PaceCommand
{
    public static Command Build()
    {
        var broker = BrokerOption.Create();
        var contacts = NumberOption.WithDefault("--contacts", 10_000, 1, 10_000_000, "Contacts over all campaigns");
        var campaigns = NumberOption.WithDefault("--campaigns", 1, 1, 100, "Campaigns of the same inbox");
        var pageSize = NumberOption.WithDefault("--page-size", 1_000, 1, 10_000, "Contacts of a page");
        var rate = NumberOption.WithDefault("--rate", 200, 1, 1_000_000, "Messages a second that the inbox may send");
        var capacity = NumberOption.WithDefault("--capacity", 200, 1, 1_000_000, "Messages that it may send at once");
        var latency = NumberOption.CrmLatency(standard: 20);
        var replicas = NumberOption.WithDefault("--replicas", 3, 1, 50, "Processes of the service");
        var report = RunReport.Option();
        var variables = ReplicaVariables.Option();
        var host = HostAssembly.Option();

        var command = new Command(
            "pace",
            "Sends through an inbox that has a limit, and shows how evenly. Exit code 1 when database, CRM and broker do not agree."
        )
        {
            broker,
            contacts,
            campaigns,
            pageSize,
            rate,
            capacity,
            latency,
            replicas,
            variables,
            host,
            report,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                Run(
                    new PaceOptions
                    {
                        Broker = arguments.GetValue(broker),
                        Contacts = arguments.GetValue(contacts),
                        Campaigns = arguments.GetValue(campaigns),
                        PageSize = arguments.GetValue(pageSize),
                        Rate = arguments.GetValue(rate),
                        Capacity = arguments.GetValue(capacity),
                        CrmLatency = TimeSpan.FromMilliseconds(arguments.GetValue(latency)),
                        Replicas = arguments.GetValue(replicas),
                        Variables = ReplicaVariables.Read(arguments.GetValue(variables)),
                        HostAssembly = arguments.GetValue(host)!.FullName,
                    },
                    arguments.GetValue(report),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> Run(PaceOptions options, FileInfo? file, CancellationToken cancellationToken)
    {
        var report = await new PaceRun(options, new ConsoleLog()).Run(cancellationToken);
        return await RunReport.Write(
            file,
            report.ToJson(),
            $"{report.Contacts:N0} messages in {report.Seconds:N1} s, ideal {report.IdealSeconds:N1} s; a second had {report.Least:P0} to {report.Most:P0} of the rate",
            report.Faults,
            cancellationToken
        );
    }
}
