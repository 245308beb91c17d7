namespace CampaignSender.Host.Attempts;

/// <param name="Number">Of this attempt, from 1.</param>
/// <param name="Blame">That earlier attempts have left on the page.</param>
internal sealed record PageAttemptCount(int Number, double Blame);
