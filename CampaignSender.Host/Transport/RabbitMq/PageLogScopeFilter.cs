using MassTransit;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>Gives the lines about a failed page its correlation id too, where the message could be read at all.</summary>
internal sealed class PageLogScopeFilter(ILogger<PageLogScopeFilter> logger) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        using var lines = context.TryGetPayload(out PageLogScope? page) ? logger.BeginScope(page) : null;
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("pageLogScope");
}
