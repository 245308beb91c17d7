using System.CommandLine;
using System.CommandLine.Help;
using CampaignSender.Contracts;

namespace CampaignSender.Host.Commands;

/// <summary>The commands of the one executable; without one it runs the service.</summary>
internal static class CommandLine
{
    public static RootCommand Build()
    {
        var root = new RootCommand(
            "Sends marketing campaigns: consumes pages of contacts, posts a message to each contact through the CRM and "
                + "records the outcome. Configured by environment variables, see docs/configuration.md."
        );
        root.Add(Answer.JsonOption);
        root.SetAction((_, cancellationToken) => RunCommand.Execute(cancellationToken));
        root.Add(Run());
        root.Add(Migrate());
        root.Add(CheckCommand.Build());
        root.Add(HealthCommand.Build());
        root.Add(TopicsProvisionCommand.Build());
        root.Add(Campaign());
        root.Add(Inbox());
        root.Add(DeadLettersCommand.Build());
        root.Add(ParkedCommand.Build());
        root.Add(SafetyCommand.Build());
        root.Add(SuppressionCommand.Build());
        root.Add(WindowCommand.Build());
        root.Add(CompletionCommand.Build());
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static Command Run()
    {
        var run = new Command("run", "Runs the service until it is told to stop. The default.");
        run.SetAction((_, cancellationToken) => RunCommand.Execute(cancellationToken));
        return run;
    }

    private static Command Campaign() =>
        new("campaign", "The campaigns.")
        {
            CampaignDryRunCommand.Build(),
            CampaignStatusCommand.Build(),
            CampaignFailuresCommand.Build(),
            CampaignPackCommand.BuildPack(),
            CampaignPackCommand.BuildRetry(),
            CampaignOrderCommand.Build(ControlAction.Pause),
            CampaignOrderCommand.Build(ControlAction.Resume),
            CampaignOrderCommand.Build(ControlAction.Stop),
        };

    private static Command Inbox() =>
        new("inbox", "The inboxes that messages go out through.")
        {
            InboxLimitCommand.Build(),
            InboxQuotaCommand.Build(),
        };

    private static Command Migrate()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Only list what would be done." };
        var migrate = new Command(
            "migrate",
            "Adds what the sender needs to the database. It may be run again at any time; the service does the same at start."
        )
        {
            dryRun,
        };
        migrate.SetAction(
            (arguments, cancellationToken) => MigrateCommand.Execute(arguments.GetValue(dryRun), cancellationToken)
        );
        return migrate;
    }
}
