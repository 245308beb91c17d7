using CampaignSender.Host.Configuration;
using MassTransit;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// MassTransit connects again and again after all but one fault: where RabbitMQ refuses the login, its endpoints give up for
/// good. That may be a password that was changed or a directory that is away, and a new process finds out.
/// </summary>
internal sealed partial class LoginWatch(StartSignal signal, ServiceEnd end, ILogger<LoginWatch> logger)
    : IReceiveEndpointObserver
{
    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        // Until then the start itself fails by it.
        if (signal.Consuming.IsCompleted && faulted.Exception is ConnectionException { IsTransient: false } refused)
        {
            LogRefused(logger, refused);
            end.Fail();
        }

        return Task.CompletedTask;
    }

    public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The service ends: RabbitMQ refuses the login of RABBITMQ_URL, or RABBITMQ_VHOST to it"
    )]
    private static partial void LogRefused(ILogger logger, Exception exception);
}
