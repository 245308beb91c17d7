namespace CampaignSender.Sandbox.Load;

/// <param name="PeakMemory">Bytes.</param>
/// <param name="Statements">SQL statements of the replicas; null where the server does not count them.</param>
internal sealed record LoadMeasurement(TimeSpan Duration, TimeSpan ProcessorTime, long PeakMemory, long? Statements);
