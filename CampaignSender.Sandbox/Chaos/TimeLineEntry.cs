namespace CampaignSender.Sandbox.Chaos;

/// <param name="Seconds">Since the start of the run.</param>
/// <param name="Source">Who says so: CRM, database, plan, or a replica's log.</param>
/// <param name="What">In words.</param>
internal sealed record TimeLineEntry(double Seconds, string Source, string What);
