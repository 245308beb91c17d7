using System.CommandLine;
using CampaignSender.Sandbox.Bench;

namespace CampaignSender.Sandbox.Commands;

internal static class LoopCommand
{
    public static Command Build()
    {
        var command = new Command(
            BareLoopProcess.Command,
            "What 'bench' compares with: makes the two requests for each contact and nothing else. It talks with 'bench' in lines of JSON."
        )
        {
            Hidden = true,
        };
        command.SetAction((_, cancellationToken) => BareLoopProcess.Serve(Console.In, Console.Out, cancellationToken));
        return command;
    }
}
