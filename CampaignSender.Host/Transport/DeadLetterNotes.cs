using System.Globalization;
using CampaignSender.Contracts;
using CampaignSender.Host.Attempts;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Transport;

/// <summary>Says why a message is dead-lettered: on the message, in the log and in the metrics, for either broker.</summary>
internal sealed partial class DeadLetterNotes(
    IOptions<AttemptOptions> options,
    SenderMetrics metrics,
    ILogger<DeadLetterNotes> logger
)
{
    public IReadOnlyList<KeyValuePair<string, string>> HeadersFor(Exception exception) =>
        [
            new(MessageHeaderNames.DeadLetterReason, FaultClassifier.ReasonOf(exception)),
            new(MessageHeaderNames.OriginalTopic, Topics.Send),
            new(MessageHeaderNames.DeliveryAttempt, Attempts(exception).ToString(CultureInfo.InvariantCulture)),
        ];

    /// <summary>Call it when the message has moved.</summary>
    public void Note(Exception exception)
    {
        var reason = FaultClassifier.ReasonOf(exception);
        metrics.ErrorOccurred(reason);
        metrics.DeadLettered(reason);
        if (IsPermanent(exception))
        {
            LogDeadLettered(logger, reason, exception.Message);
        }
        else
        {
            LogGivenUp(logger, exception, reason, Attempts(exception));
        }
    }

    private int Attempts(Exception exception) =>
        exception switch
        {
            PermanentFaultException permanent => permanent.Attempts,
            InvalidMessageException => 1,
            { InnerException: { } inner } => Attempts(inner),
            _ => options.Value.DeliveryLimit,
        };

    private static bool IsPermanent(Exception exception) => FaultClassifier.Classify(exception) is FaultKind.Permanent;

    [LoggerMessage(Level = LogLevel.Error, Message = "A message is dead-lettered: {Reason}: {Explanation}")]
    private static partial void LogDeadLettered(ILogger logger, string reason, string explanation);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message is dead-lettered: {Reason}, after {Attempt} attempts")]
    private static partial void LogGivenUp(ILogger logger, Exception exception, string reason, int attempt);
}
