namespace CampaignSender.Host.Database;

/// <summary>The database is not as the service needs it. The message is written for the operator.</summary>
internal sealed class MigrationFailedException(string message, Exception? innerException)
    : Exception(message, innerException);
