namespace CampaignSender.Host.Safety;

/// <summary>Why a campaign was paused by the sender.</summary>
/// <param name="EndedAt">When it was first seen not to be paused any more; null: never since.</param>
internal sealed record SafetyStopRecord(
    DateTime StoppedAt,
    int Outcomes,
    int Failures,
    string Reason,
    DateTime? EndedAt
);
