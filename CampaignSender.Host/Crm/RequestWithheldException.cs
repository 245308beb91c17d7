namespace CampaignSender.Host.Crm;

/// <summary>A request was not written: it must not be made any more.</summary>
internal sealed class RequestWithheldException : Exception;
