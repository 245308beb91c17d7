using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Telemetry;

namespace CampaignSender.Host.Safety;

/// <summary>
/// Pauses a campaign, and says why. By its status alone: evo-flow's packer hears a control message too, and would never
/// publish the pages that it has not published yet.
/// </summary>
internal sealed partial class SafetyStop(
    SafetyStore store,
    CampaignGate gate,
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
            ReadStatusAnew(campaignId);
            return false;
        }

        metrics.CampaignStoppedItself();
        LogStopped(logger, campaignId, reason);
        gate.Close(campaignId, CampaignStatus.Paused);
        return true;
    }

    /// <summary>Others have paused it, and it may have been resumed since.</summary>
    public void ReadStatusAnew(Guid campaignId) => gate.Forget(campaignId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Campaign {CampaignId} is paused by the sender itself: {Reason}")]
    private static partial void LogStopped(ILogger logger, Guid campaignId, string reason);
}
