using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using MassTransit;

namespace CampaignSender.Host.Transport;

/// <summary>Every replica hears every control message.</summary>
internal sealed class CampaignsControlConsumer(CampaignGate gate) : IConsumer<CampaignsControl>
{
    public Task Consume(ConsumeContext<CampaignsControl> context)
    {
        gate.Observe(context.Message);
        return Task.CompletedTask;
    }
}
