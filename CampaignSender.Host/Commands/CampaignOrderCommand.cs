using System.CommandLine;
using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Database;
using CampaignSender.Host.Transport;
using CampaignSender.Host.Validation;

namespace CampaignSender.Host.Commands;

/// <summary>Pauses, resumes or stops a campaign as evo-flow's REST API does: the row first, then the message.</summary>
internal static class CampaignOrderCommand
{
    public static Command Build(ControlAction action)
    {
        var campaign = CommandText.CampaignArgument();
        var yes = Confirmation.Option();
        var order = new Command(NameOf(action), Description(action)) { campaign };
        if (IsForGood(action))
        {
            order.Add(yes);
        }

        order.SetAction(
            async (arguments, cancellationToken) =>
            {
                var campaignId = arguments.GetValue(campaign);
                return
                    IsForGood(action) && !arguments.GetValue(yes) && !await IsConfirmed(campaignId, cancellationToken)
                    ? ExitCodes.Failure
                    : await Execute(campaignId, action, cancellationToken);
            }
        );
        return order;
    }

    /// <summary>What it needs.</summary>
    public static IServiceCollection AddOrders(this IServiceCollection services, IConfiguration configuration) =>
        services.AddDatabase().AddCampaignContents().AddBrokerAccess(configuration);

    public static async Task<int> Execute(
        IServiceProvider services,
        Guid campaignId,
        ControlAction action,
        CancellationToken cancellationToken
    )
    {
        var campaign = await services
            .GetRequiredService<ICampaignOrders>()
            .Order(campaignId, action, cancellationToken);
        switch (campaign)
        {
            case null:
                return await CampaignStatusCommand.Missing(campaignId);
            case { IsObeyed: false }:
                await Console.Error.WriteLineAsync(
                    $"Campaign {campaignId} is {campaign.Now}: to {NameOf(action)} it, it is expected to be {Expected(action)}"
                );
                return ExitCodes.Failure;
        }

        Answer.Write(
            campaign,
            () =>
                campaign.Before == campaign.Now
                    ? $"Campaign {campaignId} is {campaign.Now} already"
                    : $"Campaign {campaignId} was {campaign.Before} and is {campaign.Now}"
        );
        // Told where it had the status already, too: the one who set it may not have come so far.
        return await Tell(services.GetRequiredService<IControlPublisher>(), campaignId, action, cancellationToken);
    }

    private static Task<int> Execute(Guid campaignId, ControlAction action, CancellationToken cancellationToken) =>
        CommandHost.Run(
            builder => builder.Services.AddOrders(builder.Configuration),
            services => Execute(services, campaignId, action, cancellationToken)
        );

    public static async Task<int> Tell(
        IControlPublisher publisher,
        Guid campaignId,
        ControlAction action,
        CancellationToken cancellationToken
    )
    {
        var control = new CampaignsControl
        {
            CampaignId = campaignId,
            Action = action,
            CorrelationId = Guid.NewGuid(),
        };
        try
        {
            await publisher.Publish(control, cancellationToken);
            Answer.Note("The order is with the broker: replicas that listen follow it at once");
            return ExitCodes.Success;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                $"The broker cannot be reached, replicas follow within CAMPAIGN_STATUS_CACHE_TTL_MS: {FaultLog.CauseOf(exception)}"
            );
            return ExitCodes.Failure;
        }
    }

    private static Task<bool> IsConfirmed(Guid campaignId, CancellationToken cancellationToken) =>
        Confirmation.IsGiven(
            $"Stop campaign {campaignId} for good? Who got no message yet will get none.",
            cancellationToken
        );

    private static bool IsForGood(ControlAction action) => action is ControlAction.Stop;

    private static string NameOf(ControlAction action) => action.ToString().ToLowerInvariant();

    private static string Expected(ControlAction action) =>
        action is ControlAction.Resume ? "Paused" : "Sending, SendingAb or Paused";

    private static string Description(ControlAction action) =>
        action switch
        {
            ControlAction.Pause => "Pauses a campaign: nothing more is sent until it is resumed.",
            ControlAction.Resume => "Lets a paused campaign go on. An A/B test goes on as a whole campaign.",
            _ => "Stops a campaign for good: who got no message yet gets none.",
        };
}
