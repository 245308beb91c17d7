using System.Globalization;
using CampaignSender.Contracts;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;
using MassTransit;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Transport;

/// <summary>Says why, on the message, in the log and in the metrics, before the message moves to the dead-letter queue.</summary>
internal sealed partial class DeadLetterFilter(
    IOptions<TransportOptions> options,
    SenderMetrics metrics,
    ILogger<DeadLetterFilter> logger
) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        var reason = FaultClassifier.ReasonOf(context.Exception);
        var isPermanent = FaultClassifier.Classify(context.Exception) is FaultKind.Permanent;
        var attempts = isPermanent ? 1 : options.Value.DeliveryLimit;
        context.ExceptionHeaders.Set(MessageHeaderNames.DeadLetterReason, reason);
        context.ExceptionHeaders.Set(MessageHeaderNames.OriginalTopic, Topics.Send);
        context.ExceptionHeaders.Set(
            MessageHeaderNames.DeliveryAttempt,
            attempts.ToString(CultureInfo.InvariantCulture)
        );
        await next.Send(context);

        metrics.ErrorOccurred(reason);
        metrics.DeadLettered(reason);
        if (isPermanent)
        {
            LogDeadLettered(logger, reason, context.Exception.Message);
        }
        else
        {
            LogGivenUp(logger, context.Exception, reason, attempts);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("deadLetter");

    [LoggerMessage(Level = LogLevel.Error, Message = "A message is dead-lettered: {Reason}: {Explanation}")]
    private static partial void LogDeadLettered(ILogger logger, string reason, string explanation);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message is dead-lettered: {Reason}, after {Attempt} attempts")]
    private static partial void LogGivenUp(ILogger logger, Exception exception, string reason, int attempt);
}
