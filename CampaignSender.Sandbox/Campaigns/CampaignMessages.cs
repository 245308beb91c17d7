using CampaignSender.Contracts;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>The messages that a campaign takes.</summary>
internal static class CampaignMessages
{
    public static Task Publish(this ICampaignBroker broker, CampaignsSend page, CancellationToken cancellationToken) =>
        broker.Publish(Topics.Send, MessageWriter.Write(page), cancellationToken);

    public static Task Publish(
        this ICampaignBroker broker,
        Guid campaignId,
        ControlAction action,
        CancellationToken cancellationToken
    ) =>
        broker.Publish(
            Topics.Control,
            MessageWriter.Write(
                new CampaignsControl
                {
                    CampaignId = campaignId,
                    Action = action,
                    CorrelationId = Guid.NewGuid(),
                }
            ),
            cancellationToken
        );
}
