using MassTransit;

namespace CampaignSender.Host.Transport;

/// <summary>Says why, before the message moves to the dead-letter queue.</summary>
internal sealed class DeadLetterFilter(DeadLetterNotes notes) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        foreach (var (key, value) in notes.HeadersFor(context.Exception))
        {
            context.ExceptionHeaders.Set(key, value);
        }

        await next.Send(context);
        notes.Note(context.Exception);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("deadLetter");
}
