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
                var scripts = await (
                    dryRun ? migrator.Pending(cancellationToken) : migrator.Migrate(cancellationToken)
                );
                Report(scripts, dryRun);
                return ExitCodes.Success;
            }
        );

    private static void Report(IReadOnlyList<string> scripts, bool dryRun) =>
        Answer.Write(
            new { Scripts = scripts, AreApplied = !dryRun },
            () =>
                scripts.Count == 0
                    ? "The database has everything already."
                    : string.Join(
                        Environment.NewLine,
                        [dryRun ? "Would be applied:" : "Applied:", .. scripts.Select(script => $"  {script}")]
                    )
        );
}
