namespace CampaignSender.Host.Safety;

/// <summary>
/// How the contacts of one page fare. What a page sees after its campaign was paused, of posts that were on the wire, counts for
/// nobody: it would be held against the campaign when it is resumed.
/// </summary>
/// <param name="began">The timestamp of when the page did.</param>
internal sealed class SafetyWatch(CampaignSafety campaign, long began)
{
    /// <inheritdoc cref="CampaignSafety.Judged"/>
    public Task Judged => campaign.Judged;

    /// <param name="failureCode">Null: the contact was sent to.</param>
    public void Saw(string? failureCode) => campaign.Saw(failureCode, began);
}
