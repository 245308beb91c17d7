using CampaignSender.Sandbox.Campaigns;

namespace CampaignSender.Sandbox.Reckonings;

/// <summary>Compares what the database says with what the CRM has really stored and what is left in the broker.</summary>
internal sealed class Reckoner(CampaignRows rows, ICampaignBroker broker, Func<Guid, IEnumerable<Guid>> messagesAtCrm)
{
    /// <param name="due">The contacts of a campaign that are to get a message.</param>
    public async Task<Reckoning> Reckon(
        IReadOnlyCollection<CampaignPlan> plans,
        Func<CampaignPlan, IEnumerable<Guid>> due,
        CancellationToken cancellationToken
    )
    {
        var campaigns = new List<Reckoning>();
        foreach (var plan in plans)
        {
            campaigns.Add(await ReckonCampaign(plan, due(plan), cancellationToken));
        }

        return new Reckoning
        {
            Contacts = campaigns.Sum(campaign => campaign.Contacts),
            Pages = campaigns.Sum(campaign => campaign.Pages),
            Sent = campaigns.Sum(campaign => campaign.Sent),
            Failed = campaigns.Sum(campaign => campaign.Failed),
            Skipped = campaigns.Sum(campaign => campaign.Skipped),
            Pending = campaigns.Sum(campaign => campaign.Pending),
            PostsAtCrm = campaigns.Sum(campaign => campaign.PostsAtCrm),
            ContactsSentTwice = campaigns.Sum(campaign => campaign.ContactsSentTwice),
            ContactsNeverSent = campaigns.Sum(campaign => campaign.ContactsNeverSent),
            Disagreements = campaigns.Sum(campaign => campaign.Disagreements),
            DeadLettered = await broker.CountDeadLetters(cancellationToken),
            Parked = await rows.CountParked(cancellationToken),
        };
    }

    private async Task<Reckoning> ReckonCampaign(
        CampaignPlan plan,
        IEnumerable<Guid> due,
        CancellationToken cancellationToken
    )
    {
        var counts = await rows.Count(plan.CampaignId, cancellationToken);
        var messages = messagesAtCrm(plan.CampaignId).CountBy(contactId => contactId).ToDictionary();
        var sentHere = plan.SeedStatus == "SENT" ? [] : await rows.SentContacts(plan.CampaignId, cancellationToken);
        return new Reckoning
        {
            Contacts = plan.ContactIds.Distinct().Count(),
            Pages = plan.PageCount,
            Sent = counts.Sent,
            Failed = counts.Failed,
            Skipped = counts.Skipped,
            Pending = counts.Pending,
            PostsAtCrm = messages.Values.Sum(),
            ContactsSentTwice = messages.Values.Count(count => count > 1),
            ContactsNeverSent = due.Distinct().Count(contactId => !messages.ContainsKey(contactId)),
            Disagreements = messages.Keys.Except(sentHere).Count() + sentHere.Except(messages.Keys).Count(),
            DeadLettered = 0,
            Parked = 0,
        };
    }
}
