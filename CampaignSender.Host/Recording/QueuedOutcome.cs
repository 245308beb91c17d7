namespace CampaignSender.Host.Recording;

/// <param name="Page">Null: it waits for the outcome no more.</param>
/// <param name="Since">The timestamp of when it became known.</param>
/// <param name="IsRepeated">It may have been written before, without an answer.</param>
/// <param name="TimesLocked">How often its row was found locked.</param>
internal readonly record struct QueuedOutcome(
    PageRecording? Page,
    ContactOutcome Outcome,
    long Since,
    bool IsRepeated = false,
    int TimesLocked = 0
);
