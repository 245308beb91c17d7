using System.CommandLine;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Database;
using CampaignSender.Host.DryRuns;
using CampaignSender.Host.Pacing;
using CampaignSender.Host.Suppression;
using CampaignSender.Host.Telemetry;

namespace CampaignSender.Host.Commands;

internal static class CampaignDryRunCommand
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    public static Command Build()
    {
        var campaign = CommandText.CampaignArgument();
        var limit = NumberOption.Optional(
            "--limit",
            1,
            int.MaxValue,
            "Contacts at most; without it all that are pending"
        );
        var samples = NumberOption.WithDefault("--samples", 3, 0, 1_000, "Messages to show as they would be sent");
        var concurrency = NumberOption.WithDefault(
            "--concurrency",
            8,
            1,
            256,
            "Contacts to look up in the CRM at once; no more than DISPATCH_CONCURRENCY"
        );
        var dryRun = new Command(
            "dry-run",
            "Tells what sending would come to: asks the CRM for the template and each contact, posts nothing and changes "
                + "no status. What it shows holds names of contacts."
        )
        {
            campaign,
            limit,
            samples,
            concurrency,
        };
        dryRun.SetAction(
            (arguments, cancellationToken) =>
                Execute(
                    arguments.GetValue(campaign),
                    new DryRunScope(
                        arguments.GetValue(limit) ?? int.MaxValue,
                        arguments.GetValue(samples),
                        arguments.GetValue(concurrency)
                    ),
                    cancellationToken
                )
        );
        return dryRun;
    }

    /// <summary>What a dry run needs.</summary>
    public static IServiceCollection AddDryRun(this IServiceCollection services) =>
        services
            .AddSenderTelemetry()
            .AddDatabase()
            .AddCampaigns()
            .AddCampaignContents()
            .AddSuppression()
            .AddPacing()
            .AddCrm()
            .AddDryRuns();

    private static Task<int> Execute(Guid campaignId, DryRunScope scope, CancellationToken cancellationToken) =>
        CommandHost.Run(
            builder => builder.Services.AddDryRun(),
            async services =>
            {
                var report = await services
                    .GetRequiredService<CampaignDryRun>()
                    .Run(campaignId, scope, Progress(TimeProvider.System), cancellationToken);
                // What contacts are called is written by others.
                Answer.Write(report, () => CommandText.Printable(Describe(report)));
                if (report.EndedBy is null)
                {
                    return ExitCodes.Success;
                }

                await Console.Error.WriteLineAsync($"It ended early: {report.EndedBy}.");
                return ExitCodes.Failure;
            }
        );

    private static Action<long, long> Progress(TimeProvider time)
    {
        var last = time.GetTimestamp();
        return (seen, all) =>
        {
            if (time.GetElapsedTime(last) > ProgressInterval)
            {
                last = time.GetTimestamp();
                Console.Error.WriteLine($"{seen:N0} of {all:N0} contacts");
            }
        };
    }

    private static string Describe(DryRunReport report) =>
        string.Join(
            Environment.NewLine,
            [
                $"Campaign {report.CampaignId}: {report.Status}, {report.Channel}, template {report.Template}",
                $"{report.Seen:N0} contacts looked at, of {report.Pending:N0} that are pending",
                "",
                CommandText.Line(report.WouldBeSent, "would be sent"),
                .. report.WouldNotBeSent.Select(each =>
                    CommandText.Line(
                        each.Contacts,
                        $"would be {each.Status}: {each.Code}{(each.Reason is null ? "" : $" ({each.Reason})")}"
                    )
                ),
                .. Part(
                    "Placeholders that have no value, of those that would be sent:",
                    report.Gaps.Select(gap => CommandText.Line(gap.Contacts, gap.Placeholder))
                ),
                .. Part(
                    "Messages as they would be sent:",
                    report.Samples.Select(sample => $"  {sample.ContactId}: {sample.Content}")
                ),
            ]
        );

    private static IEnumerable<string> Part(string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        return all.Count == 0 ? [] : ["", title, .. all];
    }
}
