using CampaignSender.Host.Configuration;
using MassTransit;
using MassTransit.RabbitMqTransport;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// Tells why a channel that consumes was closed: MassTransit opens another one and says so to nobody. Its pages in work begin
/// anew.
/// </summary>
internal sealed partial class ChannelWatch(StopSignals stop, ILogger<ChannelWatch> logger) : IFilter<ChannelContext>
{
    public Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        context.Channel.ChannelShutdownAsync += (_, shutdown) =>
        {
            if (!stop.Stopping.IsCancellationRequested)
            {
                LogClosed(logger, shutdown.ReplyCode, shutdown.ReplyText);
            }

            return Task.CompletedTask;
        };
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("channelWatch");

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "RabbitMQ has closed a channel that consumes, what was in work on it begins anew: {Code} {Text}"
    )]
    private static partial void LogClosed(ILogger logger, int code, string text);
}
