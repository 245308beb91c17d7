using System.CommandLine;
using CampaignSender.Sandbox.Growth;

namespace CampaignSender.Sandbox.Commands;

internal static class GrowthCommand
{
    public static Command Build()
    {
        var broker = BrokerOption.Create();
        var contacts = NumberOption.WithDefault(
            "--contacts",
            1_000_000,
            10_000,
            10_000_000,
            "Contacts of the campaign"
        );
        var others = NumberOption.WithDefault(
            "--other-contacts",
            10_000_000,
            0,
            1_000_000_000,
            "Rows of other campaigns in the same table"
        );
        var latency = NumberOption.CrmLatency(standard: 0);
        var replicas = NumberOption.WithDefault("--replicas", 1, 1, 50, "Processes of the service");
        var timeout = NumberOption.WithDefault("--timeout", 3_600, 1, 86_400, "Seconds that the campaign may take");
        var report = RunReport.Option();
        var variables = ReplicaVariables.Option();
        var host = HostAssembly.Option();

        var command = new Command(
            "growth",
            "Sends a large campaign from a large table: rates and memory over its course, what its statements took and their plans, the table afterwards. Exit code 1 when database, CRM and broker do not agree."
        )
        {
            broker,
            contacts,
            others,
            latency,
            replicas,
            timeout,
            variables,
            host,
            report,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                Run(
                    new GrowthOptions
                    {
                        Broker = arguments.GetValue(broker),
                        Contacts = arguments.GetValue(contacts),
                        OtherContacts = arguments.GetValue(others),
                        CrmLatency = TimeSpan.FromMilliseconds(arguments.GetValue(latency)),
                        Replicas = arguments.GetValue(replicas),
                        Timeout = TimeSpan.FromSeconds(arguments.GetValue(timeout)),
                        Variables = ReplicaVariables.Read(arguments.GetValue(variables)),
                        HostAssembly = arguments.GetValue(host)!.FullName,
                    },
                    arguments.GetValue(report),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> Run(GrowthOptions options, FileInfo? file, CancellationToken cancellationToken)
    {
        var report = await new GrowthRun(options, new ConsoleLog()).Run(cancellationToken);
        return await RunReport.Write(
            file,
            report.ToJson(),
            $"{report.Contacts:N0} contacts in {report.Seconds:N1} s; the last tenth as fast as the first: {report.LastRateToFirst:N2}; {report.HotShare:P0} of the updates touched no index",
            report.Faults,
            cancellationToken
        );
    }
}
