using MassTransit;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>What happens to a message whose page failed: back to the broker, or dead-lettered with its reason.</summary>
internal sealed class PageErrorPipeline(
    PageLogScopeFilter logScope,
    ReturnToBrokerFilter returnToBroker,
    DeadLetterFilter deadLetter
)
{
    public void Configure(IPipeConfigurator<ExceptionReceiveContext> pipe)
    {
        pipe.UseFilter(logScope);
        pipe.UseFilter(returnToBroker);
        pipe.UseFilter(deadLetter);
    }
}
