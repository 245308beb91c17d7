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
                var pending = await migrator.Pending(cancellationToken);
                if (!dryRun)
                {
                    await migrator.Migrate(cancellationToken);
                }

                Report(pending, dryRun);
                return ExitCodes.Success;
            }
        );

    private static void Report(IReadOnlyList<string> pending, bool dryRun) =>
        Answer.Write(
            new { Scripts = pending, AreApplied = !dryRun },
            () =>
                pending.Count == 0
                    ? "The database has everything already."
                    : string.Join(
                        Environment.NewLine,
                        [dryRun ? "Would be applied:" : "Applied:", .. pending.Select(script => $"  {script}")]
                    )
        );
}
