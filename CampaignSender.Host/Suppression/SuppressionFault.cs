namespace CampaignSender.Host.Suppression;

/// <param name="Line">Counted from 1, the header included.</param>
internal sealed record SuppressionFault(long Line, string Message);
