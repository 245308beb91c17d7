using CampaignSender.Sandbox.Campaigns;

namespace CampaignSender.Sandbox.Demo;

/// <param name="State">In a word, as the marketing team sees it.</param>
internal sealed record CampaignProgress(string Title, int Contacts, ContactCounts Counts, string State)
{
    public double Share => (double)Counts.Settled / Contacts;
}
