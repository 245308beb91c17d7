namespace CampaignSender.Host.Validation;

/// <summary>The page can never be sent: it is dead-lettered at once. The message names ids and rules, no personal data.</summary>
internal sealed class PermanentFaultException(string reason, string message) : Exception(message)
{
    /// <summary>The value of the header <c>x-dlq-reason</c>.</summary>
    public string Reason { get; } = reason;

    /// <summary>Deliveries so far: the value of the header <c>x-delivery-attempt</c>.</summary>
    public int Attempts { get; init; } = 1;
}
