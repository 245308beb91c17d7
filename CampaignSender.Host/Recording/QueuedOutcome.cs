namespace CampaignSender.Host.Recording;

internal readonly record struct QueuedOutcome(PageRecording Page, ContactOutcome Outcome);
