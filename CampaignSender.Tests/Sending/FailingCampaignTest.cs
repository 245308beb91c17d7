using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Tests.Sending;

/// <summary>The sender pauses a campaign by itself, before all of its contacts have failed.</summary>
internal abstract class FailingCampaignTest(BrokerKind broker) : SendingTest(broker)
{
    /// <summary>What the campaign may cost: the window, and what is in flight when it is full.</summary>
    protected const int MostPosts = 300;

    /// <summary>The CRM cannot reach every other contact, or every one of so many.</summary>
    protected async Task<CampaignPlan> PrepareBroken(CancellationToken cancellationToken, int everyOne = 2)
    {
        var plan = await Prepare(contacts: 1_000, pageSize: 250, cancellationToken);
        foreach (var contactId in plan.ContactIds.Where((_, index) => index % everyOne == 0))
        {
            Scene.Crm.Set(new SimulatedContact { Id = contactId });
        }

        return plan;
    }

    protected async Task<RunningReplica> SendUntilPaused(CampaignPlan plan, CancellationToken cancellationToken)
    {
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("is paused by the sender itself", cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);
        return replica;
    }
}
