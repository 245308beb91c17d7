namespace CampaignSender.Host.Recording;

/// <param name="Since">The timestamp of when it became known.</param>
internal readonly record struct QueuedOutcome(PageRecording Page, ContactOutcome Outcome, long Since);
