namespace CampaignSender.Host.Crm;

/// <summary>What a thread says about one dispatch.</summary>
/// <param name="Found">A message carries the dispatch key.</param>
/// <param name="MessageId">That message's id, or the last one's where none carries the key; null where it has none.</param>
internal sealed record ThreadReading(bool Found, string? MessageId);
