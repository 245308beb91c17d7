using System.CommandLine;
using CampaignSender.Sandbox.Demo;
using Spectre.Console;

namespace CampaignSender.Sandbox.Commands;

internal static class DemoCommand
{
    public static Command Build()
    {
        var broker = BrokerOption.Create();
        var host = HostAssembly.Option();
        var command = new Command(
            "demo",
            "Sends two campaigns before your eyes, with a pause and some trouble on the way."
        )
        {
            broker,
            host,
        };
        command.SetAction(
            async (arguments, cancellationToken) =>
            {
                IDemoView view = Console.IsOutputRedirected
                    ? new PlainView(Console.Out, TimeProvider.System)
                    : new LiveView(AnsiConsole.Console, TimeProvider.System);
                var demo = new DemoRun(
                    arguments.GetValue(host)!.FullName,
                    arguments.GetValue(broker),
                    view,
                    AnsiConsole.Console,
                    TimeProvider.System
                );
                return await demo.Run(cancellationToken) ? 0 : 1;
            }
        );
        return command;
    }
}
