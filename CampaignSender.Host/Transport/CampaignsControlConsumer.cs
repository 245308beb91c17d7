using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Crm;
using MassTransit;

namespace CampaignSender.Host.Transport;

/// <summary>Every replica hears every control message.</summary>
internal sealed class CampaignsControlConsumer(CampaignGate gate, TemplateCatalog templates)
    : IConsumer<CampaignsControl>
{
    public Task Consume(ConsumeContext<CampaignsControl> context)
    {
        if (context.Message.Action is ControlAction.Resume)
        {
            templates.Forget();
        }

        gate.Observe(context.Message);
        return Task.CompletedTask;
    }
}
