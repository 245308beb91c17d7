using CampaignSender.Host.Configuration;
using CampaignSender.Host.Database;
using CampaignSender.Host.Telemetry;

namespace CampaignSender.Host.Commands;

internal static class MigrateCommand
{
    public static Task<int> Execute(bool dryRun, CancellationToken cancellationToken) =>
        Explained.Run(async () =>
        {
            var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
            builder.Configuration.AddCampaignSenderEnvironment();
            builder.Logging.AddSenderLogging();
            builder.Services.AddCampaignSenderOptions(builder.Configuration).AddDatabase();
            using var host = builder.Build();
            var migrator = host.Services.GetRequiredService<DatabaseMigrator>();
            var pending = migrator.Pending();
            if (!dryRun)
            {
                await migrator.Migrate(cancellationToken);
            }

            Report(pending, dryRun);
            return ExitCodes.Success;
        });

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
