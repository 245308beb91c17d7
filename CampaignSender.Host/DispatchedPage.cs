using CampaignSender.Host.Recording;

namespace CampaignSender.Host;

/// <summary>What came of the dispatching of a page.</summary>
internal sealed record DispatchedPage(PageHalt Halt, RecordedContacts Recorded);
