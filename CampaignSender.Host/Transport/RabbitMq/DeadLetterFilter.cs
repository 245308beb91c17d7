using MassTransit;
using MassTransit.RabbitMqTransport;
using MassTransit.Transports;
using RabbitMQ.Client;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// Moves the message to the queue of dead letters and says why. Not by MassTransit's own filter, which publishes on the
/// channel that the pages come over: see docs/adr/0024.
/// </summary>
internal sealed class DeadLetterFilter(RabbitMqDeadLetterWriter letters, DeadLetterNotes notes)
    : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        foreach (var (key, value) in notes.HeadersFor(context.Exception))
        {
            context.ExceptionHeaders.Set(key, value);
        }

        await letters.Send(PropertiesOf(context), context.GetBody(), context.CancellationToken);
        notes.Note(context.Exception);
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("deadLetter");

    /// <summary>The producer's, and what MassTransit tells of the fault.</summary>
    private static BasicProperties PropertiesOf(ExceptionReceiveContext context)
    {
        var delivered = context.GetPayload<RabbitMqBasicConsumeContext>().Properties;
        var properties = new BasicProperties(delivered) { DeliveryMode = DeliveryModes.Persistent };
        properties.ClearExpiration();
        // RabbitMQ refuses another user's name, and takes these headers for further queues that are to get the letter.
        properties.ClearUserId();
        properties.Headers?.Remove("CC");
        properties.Headers?.Remove("BCC");
        var headers = new MoveTransportHeaders(properties);
        headers.SetHostHeaders();
        headers.CopyFrom(context.ExceptionHeaders);
        return properties;
    }
}
