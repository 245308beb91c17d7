namespace CampaignSender.Host.Safety;

/// <summary>Why a campaign was paused by the sender.</summary>
internal sealed record SafetyStopRecord(DateTime StoppedAt, int Outcomes, int Failures, string Reason);
