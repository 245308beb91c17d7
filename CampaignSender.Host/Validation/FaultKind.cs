namespace CampaignSender.Host.Validation;

internal enum FaultKind
{
    /// <summary>Trying again cannot help: dead-letter.</summary>
    Permanent,

    /// <summary>Our own infrastructure (database, broker) fails: back to the broker, never dead-lettered.</summary>
    Infrastructure,

    /// <summary>The service is stopping: back to the broker, no verdict.</summary>
    Cancelled,

    /// <summary>Anything else, a defect most likely: retried, and dead-lettered at the delivery limit.</summary>
    Unexpected,
}
