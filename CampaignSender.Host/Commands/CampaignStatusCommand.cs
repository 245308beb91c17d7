using System.CommandLine;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Database;
using CampaignSender.Host.Parking;

namespace CampaignSender.Host.Commands;

internal static class CampaignStatusCommand
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(5);

    public static Command Build()
    {
        var campaign = CommandText.CampaignArgument();
        var watch = new Option<bool>("--watch")
        {
            Description = "A line every 5 s until no contact is pending, then the rest",
        };
        var status = new Command(
            "status",
            "Shows where a campaign stands: contacts by verdict, pace, failures by reason, parked pages."
        )
        {
            campaign,
            watch,
        };
        status.SetAction(
            (arguments, cancellationToken) =>
                With(
                    async (contents, parked) =>
                    {
                        var campaignId = arguments.GetValue(campaign);
                        if (arguments.GetValue(watch))
                        {
                            await Watch(contents, campaignId, cancellationToken);
                        }

                        if (await Read(contents, parked, campaignId, cancellationToken) is not { } state)
                        {
                            return await Missing(campaignId);
                        }

                        Answer.Write(state, () => Describe(state));
                        return ExitCodes.Success;
                    }
                )
        );
        return status;
    }

    public static async Task<int> Missing(Guid campaignId)
    {
        await Console.Error.WriteLineAsync($"Campaign {campaignId} does not exist");
        return ExitCodes.Failure;
    }

    /// <summary>Null: there is no such campaign.</summary>
    public static async Task<CampaignState?> Read(
        ICampaignContents contents,
        IParkedPages parked,
        Guid campaignId,
        CancellationToken cancellationToken
    ) =>
        await contents.Find(campaignId, cancellationToken) is { } campaign
            ? new CampaignState
            {
                CampaignId = campaignId,
                Status = campaign.Status,
                Contacts = await contents.Count(campaignId, cancellationToken),
                Failures = await contents.CountFailures(campaignId, cancellationToken),
                ParkedPages = await parked.Count(campaignId, cancellationToken),
            }
            : null;

    private static async Task Watch(ICampaignContents contents, Guid campaignId, CancellationToken cancellationToken)
    {
        while (await contents.Find(campaignId, cancellationToken) is { } campaign)
        {
            var progress = await contents.Count(campaignId, cancellationToken);
            Answer.Note(
                CommandText.Of(
                    $"{TimeProvider.System.GetUtcNow():u}  {campaign.Status}  sent {progress.Sent:N0}  failed {progress.Failed:N0}  skipped {progress.Skipped:N0}  pending {progress.Pending:N0}  {Pace(progress)}"
                )
            );
            if (progress.Pending == 0)
            {
                return;
            }

            await Task.Delay(WatchInterval, TimeProvider.System, cancellationToken);
        }
    }

    private static Task<int> With(Func<ICampaignContents, IParkedPages, Task<int>> action) =>
        CommandHost.Run(
            builder => builder.Services.AddDatabase().AddCampaignContents().AddParkedPages(),
            async services =>
            {
                return await action(
                    services.GetRequiredService<ICampaignContents>(),
                    services.GetRequiredService<IParkedPages>()
                );
            }
        );

    private static string Describe(CampaignState state) =>
        string.Join(
            Environment.NewLine,
            [
                $"Campaign {state.CampaignId}: {state.Status}",
                CommandText.Line(state.Contacts.Sent, "sent"),
                CommandText.Line(state.Contacts.Failed, "failed"),
                CommandText.Line(state.Contacts.Skipped, "skipped"),
                CommandText.Line(state.Contacts.Pending, "pending"),
                Pace(state.Contacts),
                .. state.Failures.Select(failure =>
                    CommandText.Line(failure.Contacts, $"{failure.Status}: {failure.Code ?? "no reason was recorded"}")
                ),
                .. state.ParkedPages.Select(pages => CommandText.Line(pages.Pages, $"parked pages: {pages.Reason}")),
            ]
        );

    private static string Pace(CampaignProgress progress) =>
        progress switch
        {
            { Pending: 0 } => "nothing is left to do",
            { TimeLeft: { } left } => CommandText.Of(
                $"{progress.SettledInLastMinute / 60.0:N1} a second in the last minute, at that pace {left:d\\.hh\\:mm\\:ss} left"
            ),
            _ => "none in the last minute",
        };
}
