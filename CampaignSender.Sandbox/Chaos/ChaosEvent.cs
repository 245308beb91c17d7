namespace CampaignSender.Sandbox.Chaos;

/// <param name="At">Counted from the start of the run.</param>
internal sealed record ChaosEvent(TimeSpan At, string What);
