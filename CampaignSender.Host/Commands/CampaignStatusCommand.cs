using System.CommandLine;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Database;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Safety;
using CampaignSender.Host.Transport;

namespace CampaignSender.Host.Commands;

internal static class CampaignStatusCommand
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BrokerPatience = TimeSpan.FromSeconds(5);

    public static Command Build()
    {
        var campaign = CommandText.CampaignArgument();
        var watch = new Option<bool>("--watch")
        {
            Description = "A line every 5 s until no contact is pending, then the rest",
        };
        var status = new Command(
            "status",
            "Shows where a campaign stands: contacts by verdict, pace, failures by reason, parked pages, "
                + "pages that wait at the broker."
        )
        {
            campaign,
            watch,
        };
        status.SetAction(
            (arguments, cancellationToken) =>
                CommandHost.Run(
                    builder => builder.Services.AddCampaignStatus(builder.Configuration),
                    async services =>
                    {
                        var campaignId = arguments.GetValue(campaign);
                        if (arguments.GetValue(watch))
                        {
                            await Watch(
                                services.GetRequiredService<ICampaignContents>(),
                                campaignId,
                                cancellationToken
                            );
                        }

                        if (await Read(services, campaignId, cancellationToken) is not { } state)
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

    /// <summary>What it needs.</summary>
    public static IServiceCollection AddCampaignStatus(
        this IServiceCollection services,
        IConfiguration configuration
    ) => services.AddDatabase().AddCampaignContents().AddParkedPages().AddSafetyLimits().AddBrokerAccess(configuration);

    /// <summary>Whether there is no such campaign, which it says then. Null, all campaigns, is never missing.</summary>
    public static async Task<bool> IsMissing(
        IServiceProvider services,
        Guid? campaignId,
        CancellationToken cancellationToken
    )
    {
        if (
            campaignId is not { } id
            || await services.GetRequiredService<ICampaignContents>().Find(id, cancellationToken) is not null
        )
        {
            return false;
        }

        await Missing(id);
        return true;
    }

    public static async Task<int> Missing(Guid campaignId)
    {
        await Console.Error.WriteLineAsync($"Campaign {campaignId} does not exist");
        return ExitCodes.Failure;
    }

    /// <summary>Null: there is no such campaign.</summary>
    public static async Task<CampaignState?> Read(
        IServiceProvider services,
        Guid campaignId,
        CancellationToken cancellationToken
    )
    {
        var contents = services.GetRequiredService<ICampaignContents>();
        return await contents.Find(campaignId, cancellationToken) is { } campaign
            ? new CampaignState
            {
                CampaignId = campaignId,
                Status = campaign.Status,
                SafetyStop =
                    campaign.Status is CampaignStatus.Paused
                    && await services.GetRequiredService<ISafetyLimits>().LastStop(campaignId, cancellationToken)
                        is { EndedAt: null } stop
                        ? stop
                        : null,
                Contacts = await contents.Count(campaignId, cancellationToken),
                Failures = await contents.CountFailures(campaignId, cancellationToken),
                ParkedPages = await services.GetRequiredService<IParkedPages>().Count(campaignId, cancellationToken),
                WaitingPages = await Waiting(services.GetRequiredService<IBrokerLag>(), cancellationToken),
            }
            : null;
    }

    // The database knows the rest: without the broker there is still something to show.
    private static async Task<long?> Waiting(IBrokerLag broker, CancellationToken cancellationToken)
    {
        try
        {
            var lag = await broker.Measure(cancellationToken).WaitAsync(BrokerPatience, cancellationToken);
            return lag.Sum(each => each.Messages);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task Watch(ICampaignContents contents, Guid campaignId, CancellationToken cancellationToken)
    {
        while (await contents.Find(campaignId, cancellationToken) is { } campaign)
        {
            var progress = await contents.Count(campaignId, cancellationToken);
            Answer.Note(
                $"{TimeProvider.System.GetUtcNow():u}  {campaign.Status}  sent {progress.Sent:N0}  failed {progress.Failed:N0}  skipped {progress.Skipped:N0}  pending {progress.Pending:N0}  {Pace(campaign.Status, progress)}"
            );
            if (IsOver(campaign.Status, progress))
            {
                return;
            }

            await Task.Delay(WatchInterval, TimeProvider.System, cancellationToken);
        }
    }

    private static bool IsOver(CampaignStatus status, CampaignProgress progress) =>
        status is CampaignStatus.Stopped or CampaignStatus.Deleted || (progress.Pending == 0 && !progress.IsEmpty);

    public static string Describe(CampaignState state) =>
        string.Join(
            Environment.NewLine,
            [
                $"Campaign {state.CampaignId}: {state.Status}",
                .. SafetyStop(state),
                CommandText.Line(state.Contacts.Sent, "sent"),
                CommandText.Line(state.Contacts.Failed, "failed"),
                CommandText.Line(state.Contacts.Skipped, "skipped"),
                CommandText.Line(state.Contacts.Pending, "pending"),
                Pace(state.Status, state.Contacts),
                .. state.Failures.Select(failure =>
                    CommandText.Line(failure.Contacts, $"{failure.Status}: {failure.Code ?? "no reason was recorded"}")
                ),
                .. state.ParkedPages.Select(pages =>
                    CommandText.Line(pages.Pages, $"parked {CommandText.Counted(pages.Pages, "page")}: {pages.Reason}")
                ),
                state.WaitingPages is { } waiting
                    ? CommandText.Line(
                        waiting,
                        $"{CommandText.Counted(waiting, "page")} waiting at the broker, of all campaigns"
                    )
                    : "the broker cannot be asked which pages wait",
                .. DeadLetters(state),
            ]
        );

    private static IEnumerable<string> SafetyStop(CampaignState state) =>
        state.SafetyStop is { } stop
            ?
            [
                $"the sender paused it by itself, last at {stop.StoppedAt:u}: {stop.Reason}",
                $"see `safety show --campaign {state.CampaignId}`; mend the cause, then `campaign resume {state.CampaignId}`",
            ]
            : [];

    // Pages that nobody can send are neither parked nor waiting: without a word it would look as if they were on their way.
    private static IEnumerable<string> DeadLetters(CampaignState state) =>
        IsSending(state.Status) && state is { Contacts.Pending: > 0, ParkedPages.Count: 0, WaitingPages: 0 }
            ?
            [
                $"none of its pages waits: replicas have them in work, or they are dead letters, see `dlq list --campaign {state.CampaignId}`",
            ]
            : [];

    private static bool IsSending(CampaignStatus status) =>
        status is CampaignStatus.Sending or CampaignStatus.SendingAb;

    private static string Pace(CampaignStatus status, CampaignProgress progress) =>
        progress switch
        {
            { IsEmpty: true } => "it has no contacts: evo-flow is packing it, has failed to, or never has",
            { Pending: 0 } => "nothing is left to do",
            { TimeLeft: { } left } when IsSending(status) =>
                $"{progress.PerSecond:N1} a second in the last minute, at that pace {CommandText.Duration(left)} left",
            { SettledInLastMinute: > 0 } => $"{progress.PerSecond:N1} a second in the last minute",
            _ => "none in the last minute",
        };
}
