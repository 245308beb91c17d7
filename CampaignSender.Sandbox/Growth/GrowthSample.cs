namespace CampaignSender.Sandbox.Growth;

/// <summary>Where a run stood.</summary>
/// <param name="Seconds">Since its start.</param>
/// <param name="Contacts">Settled so far.</param>
/// <param name="MemoryMb">Resident then, of the replica that had most; MB of 1,000,000 bytes.</param>
internal sealed record GrowthSample(double Seconds, double Contacts, double MemoryMb);
