namespace CampaignSender.Host.Safety;

/// <summary>
/// How the contacts of one page fare. What a page sees after its campaign was paused, of posts that were on the wire, counts for
/// nobody: it would be held against the campaign when it is resumed.
/// </summary>
/// <param name="generation">Of the campaign's safety, when the page began.</param>
internal sealed class SafetyWatch(CampaignSafety campaign, int generation)
{
    /// <inheritdoc cref="CampaignSafety.Judged"/>
    public Task Judged => campaign.Judged;

    /// <param name="failureCode">Null: the contact was sent to.</param>
    public void Saw(string? failureCode) => campaign.Saw(failureCode, generation);
}
