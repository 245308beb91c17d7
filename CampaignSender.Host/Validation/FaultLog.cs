namespace CampaignSender.Host.Validation;

/// <summary>
/// What is said of a fault. An outage of our own infrastructure repeats itself for as long as it lasts: its cause says
/// all, and a stack each time hides everything else in the log.
/// </summary>
internal static class FaultLog
{
    /// <summary>What a client library says and what it was told itself: a refused connection, a certificate that is not trusted.</summary>
    public static string CauseOf(Exception exception)
    {
        var cause = exception.GetBaseException();
        // Some quote their cause themselves.
        return exception.Message.Contains(cause.Message, StringComparison.Ordinal)
            ? exception.Message
            : $"{exception.Message}: {cause.Message}";
    }

    /// <summary>The exception with its stack where somebody has to find out what it is.</summary>
    public static Exception? StackOf(Exception exception) =>
        FaultClassifier.Classify(exception) is FaultKind.Infrastructure ? null : exception;
}
