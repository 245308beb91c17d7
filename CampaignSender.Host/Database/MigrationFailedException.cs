namespace CampaignSender.Host.Database;

/// <summary>The database is not as the service needs it. The message is written for the operator.</summary>
internal sealed class MigrationFailedException(string message, Exception? innerException)
    : Exception(message, innerException)
{
    /// <summary>Somebody grants a right, or ends a transaction, and then the same migration runs.</summary>
    public bool MayPass { get; init; }
}
