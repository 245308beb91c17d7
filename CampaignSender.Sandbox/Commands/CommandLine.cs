using System.CommandLine;

namespace CampaignSender.Sandbox.Commands;

internal static class CommandLine
{
    public static RootCommand Build() =>
        new("Development only: CampaignSender on real servers of its own, with a simulated CRM.")
        {
            DemoCommand.Build(),
            LoadCommand.Build(),
            BenchCommand.Build(),
            GrowthCommand.Build(),
            PaceCommand.Build(),
            LoopCommand.Build(),
            ChaosCommand.Build(),
            CrmCommand.Build(),
        };
}
