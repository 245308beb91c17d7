using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Telemetry;

namespace CampaignSender.Host.Safety;

/// <summary>Pauses a campaign as an operator would, and says why.</summary>
internal sealed partial class SafetyStop(
    SafetyStore store,
    CampaignGate gate,
    IControlPublisher publisher,
    SenderMetrics metrics,
    ILogger<SafetyStop> logger
)
{
    /// <returns>Whether it was this replica that paused it.</returns>
    public async Task<bool> Pause(Guid campaignId, int stops, long outcomes, long failures, string? commonest)
    {
        var reason =
            $"{failures} of the last {outcomes} contacts failed, most often {commonest ?? "at other replicas"}";
        if (!await store.Stop(campaignId, stops, outcomes, failures, reason, CancellationToken.None))
        {
            IsPausedByOthers(campaignId);
            return false;
        }

        metrics.CampaignStoppedItself();
        LogStopped(logger, campaignId, reason);
        var control = new CampaignsControl
        {
            CampaignId = campaignId,
            Action = ControlAction.Pause,
            CorrelationId = Guid.NewGuid(),
        };
        gate.Observe(control);
        await Tell(control);
        return true;
    }

    /// <summary>Does not wait for their control message, which can take seconds on a broker that rebalances.</summary>
    public void IsPausedByOthers(Guid campaignId) => gate.Forget(campaignId);

    private async Task Tell(CampaignsControl control)
    {
        try
        {
            await publisher.Publish(control, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The others read the status within seconds.
            LogNotTold(logger, exception, control.CampaignId);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Campaign {CampaignId} is paused by the sender itself: {Reason}")]
    private static partial void LogStopped(ILogger logger, Guid campaignId, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The other replicas could not be told that campaign {CampaignId} is paused"
    )]
    private static partial void LogNotTold(ILogger logger, Exception exception, Guid campaignId);
}
