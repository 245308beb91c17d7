namespace CampaignSender.Host.Validation;

/// <summary>The service stops in the middle of the page, which returns to the broker and is finished by a later delivery.</summary>
internal sealed class PageInterruptedException(Guid campaignId, int page)
    : Exception($"The service is stopping: page {page} of campaign {campaignId} returns to the broker");
