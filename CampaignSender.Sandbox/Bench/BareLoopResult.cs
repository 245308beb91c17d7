namespace CampaignSender.Sandbox.Bench;

/// <summary>What one process of the bare loop measured of itself, its warm-up not included.</summary>
/// <param name="PeakMemory">Bytes.</param>
internal sealed record BareLoopResult(double Seconds, double CpuMs, double AllocatedBytes, long PeakMemory);
