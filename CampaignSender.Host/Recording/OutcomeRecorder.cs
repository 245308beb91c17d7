namespace CampaignSender.Host.Recording;

/// <summary>
/// Records outcomes behind the dispatches, in batches that all pages of a campaign share; campaigns do not wait for each
/// other's rows. While the database is away the outcomes are kept and tried again; what a stop of the process leaves
/// unrecorded is found out by the next owner, who asks the CRM.
/// </summary>
internal sealed class OutcomeRecorder(OutcomeWriter writer, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, CampaignRecording> _campaigns = [];

    /// <param name="abandon">Ends the recording, whatever is still to record.</param>
    public PageRecording Open(Guid campaignId, CancellationToken abandon)
    {
        lock (_lock)
        {
            if (!_campaigns.TryGetValue(campaignId, out var campaign))
            {
                campaign = new CampaignRecording(writer, time, abandon);
                _campaigns[campaignId] = campaign;
            }

            campaign.Pages++;
            return new PageRecording(campaign, () => Close(campaignId, campaign), abandon);
        }
    }

    private void Close(Guid campaignId, CampaignRecording campaign)
    {
        lock (_lock)
        {
            campaign.Pages--;
            if (campaign.Pages == 0)
            {
                _campaigns.Remove(campaignId);
                campaign.Complete();
            }
        }
    }
}
