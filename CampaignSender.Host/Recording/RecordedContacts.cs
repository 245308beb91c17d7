namespace CampaignSender.Host.Recording;

/// <summary>How many contacts of a page this replica recorded, by verdict.</summary>
internal readonly record struct RecordedContacts(int Sent, int Failed, int Skipped)
{
    public int Count => Sent + Failed + Skipped;
}
