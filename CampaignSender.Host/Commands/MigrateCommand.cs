using CampaignSender.Host.Database;

namespace CampaignSender.Host.Commands;

internal static class MigrateCommand
{
    public static Task<int> Execute(bool dryRun, CancellationToken cancellationToken) =>
        CommandHost.Run(
            builder => builder.Services.AddDatabase(),
            async services =>
            {
                var migrator = services.GetRequiredService<DatabaseMigrator>();
                var pending = migrator.Pending();
                if (!dryRun)
                {
                    await migrator.Migrate(cancellationToken);
                }

                Report(pending, dryRun);
                return ExitCodes.Success;
            }
        );

    private static void Report(IReadOnlyList<string> pending, bool dryRun)
    {
        if (pending.Count == 0)
        {
            Console.WriteLine("The database has everything already.");
            return;
        }

        Console.WriteLine(dryRun ? "Would be applied:" : "Applied:");
        foreach (var script in pending)
        {
            Console.WriteLine($"  {script}");
        }
    }
}
