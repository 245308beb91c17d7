namespace CampaignSender.Sandbox.Chaos;

/// <summary>A fault of the plan and when it was carried out, counted from the start of the run.</summary>
/// <param name="Plan">As it was drawn.</param>
/// <param name="From">When it began.</param>
/// <param name="To">When all was whole again.</param>
/// <param name="Failure">Why it could not be carried out; null: it was.</param>
internal sealed record CarriedFault(PlannedFault Plan, TimeSpan From, TimeSpan To, string? Failure);
