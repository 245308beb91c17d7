using System.CommandLine;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Load;

namespace CampaignSender.Sandbox.Commands;

internal static class LoadCommand
{
    private static readonly string[] Statuses = ["PENDING", "SENT", "FAILED", "SKIPPED"];

    public static Command Build()
    {
        var broker = BrokerOption.Create();
        var contacts = NumberOption.WithDefault("--contacts", 20_000, 1, 10_000_000, "Contacts of the campaign");
        var pageSize = NumberOption.WithDefault("--page-size", 1_000, 1, 10_000, "Contacts of a page");
        var latency = NumberOption.CrmLatency(standard: 20);
        var limit = NumberOption.WithDefault(
            "--crm-limit",
            0,
            0,
            1_000_000,
            "Requests that the CRM takes in each window; 0: all"
        );
        var window = NumberOption.WithDefault("--crm-limit-seconds", 1, 1, 3_600, "Length of that window");
        var tellsWhen = new Option<bool>("--crm-tells-when") { Description = "Its refusals say so in Retry-After" };
        var dropShare = DropShareOption.Create();
        var replicas = NumberOption.WithDefault("--replicas", 2, 1, 50, "Processes of the service");
        var timeout = NumberOption.WithDefault("--timeout", 600, 1, 86_400, "Seconds that the run may take");
        var seedStatus = new Option<string>("--seed-status")
        {
            Description = "The contacts' status before the start; only PENDING ones are due a message",
            DefaultValueFactory = _ => LoadOptions.Pending,
        };
        seedStatus.AcceptOnlyFromAmong(Statuses);
        var report = RunReport.Option();
        var variables = ReplicaVariables.Option();
        var host = HostAssembly.Option();

        var command = new Command(
            "load",
            "Sends one campaign as fast as it goes. Exit code 1 when database, CRM and broker do not agree afterwards."
        )
        {
            broker,
            contacts,
            pageSize,
            latency,
            limit,
            window,
            tellsWhen,
            dropShare,
            replicas,
            seedStatus,
            timeout,
            variables,
            host,
            report,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                Run(
                    new LoadOptions
                    {
                        Broker = arguments.GetValue(broker),
                        Contacts = arguments.GetValue(contacts),
                        PageSize = arguments.GetValue(pageSize),
                        CrmLatency = TimeSpan.FromMilliseconds(arguments.GetValue(latency)),
                        CrmLimit = arguments.GetValue(limit) is > 0 and var requests
                            ? new RequestLimit(
                                requests,
                                TimeSpan.FromSeconds(arguments.GetValue(window)),
                                arguments.GetValue(tellsWhen)
                            )
                            : null,
                        DropShare = arguments.GetValue(dropShare),
                        Replicas = arguments.GetValue(replicas),
                        SeedStatus = arguments.GetValue(seedStatus)!,
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

    private static async Task<int> Run(LoadOptions options, FileInfo? file, CancellationToken cancellationToken)
    {
        var report = await new LoadRun(options, new ConsoleLog()).Run(cancellationToken);
        return await RunReport.Write(
            file,
            report.ToJson(),
            $"{report.Contacts:N0} contacts in {report.Seconds:N1} s, {report.ContactsPerSecond:N0} a second",
            report.Faults,
            cancellationToken
        );
    }
}
