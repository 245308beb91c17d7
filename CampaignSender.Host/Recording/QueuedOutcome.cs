namespace CampaignSender.Host.Recording;

/// <param name="Since">The timestamp of when it became known.</param>
/// <param name="LockedSince">Its row was found locked then, and each time since.</param>
/// <param name="IsRepeated">It may have been written before, without an answer.</param>
internal readonly record struct QueuedOutcome(
    PageRecording Page,
    ContactOutcome Outcome,
    long Since,
    bool IsRepeated = false,
    long? LockedSince = null
);
