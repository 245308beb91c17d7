using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Safety;

/// <summary>
/// Watches how contacts fare, campaign by campaign, and has a campaign paused whose contacts fail too often. A campaign
/// without failures costs nothing.
/// </summary>
internal sealed class SafetyMonitor(
    SafetyStore store,
    SafetyStop stop,
    IOptions<SafetyOptions> options,
    TimeProvider time,
    ILogger<SafetyMonitor> logger
)
{
    private const int MostCampaigns = 1_000;

    private readonly ConcurrentDictionary<Guid, CampaignSafety> _campaigns = new();
    private readonly SafetyLimits _standard = SafetyLimits.From(options.Value);

    /// <summary>For a page of the campaign that begins now.</summary>
    public SafetyWatch Watch(Guid campaignId) => Of(campaignId).Watch();

    private CampaignSafety Of(Guid campaignId)
    {
        if (_campaigns.TryGetValue(campaignId, out var known))
        {
            return known;
        }

        if (_campaigns.Count >= MostCampaigns)
        {
            var oldest = _campaigns.MinBy(campaign => campaign.Value.LastUsedAt).Key;
            _campaigns.TryRemove(oldest, out _);
        }

        return _campaigns.GetOrAdd(campaignId, id => new CampaignSafety(id, _standard, store, stop, time, logger));
    }
}
