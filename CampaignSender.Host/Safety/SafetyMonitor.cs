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

    /// <param name="failureCode">Null: the contact was sent to.</param>
    public void Saw(Guid campaignId, string? failureCode) => Of(campaignId).Saw(failureCode);

    /// <summary>Waits while it is being found out whether the campaign has to be paused.</summary>
    public Task Judged(Guid campaignId) =>
        _campaigns.TryGetValue(campaignId, out var campaign) ? campaign.Judged : Task.CompletedTask;

    private CampaignSafety Of(Guid campaignId)
    {
        if (_campaigns.TryGetValue(campaignId, out var known))
        {
            return known;
        }

        if (_campaigns.Count >= MostCampaigns)
        {
            var oldest = _campaigns.MinBy(campaign => campaign.Value.Seen).Key;
            _campaigns.TryRemove(oldest, out _);
        }

        return _campaigns.GetOrAdd(campaignId, id => new CampaignSafety(id, _standard, store, stop, time, logger));
    }
}
