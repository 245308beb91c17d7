using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Load;

/// <summary>One campaign on a stage of its own.</summary>
internal sealed class LoadRun(LoadOptions options, IServerLog log)
{
    public async Task<LoadReport> Run(CancellationToken cancellationToken)
    {
        await using var stage = await Stage.Set(
            new StageOptions
            {
                HostAssembly = options.HostAssembly,
                Broker = options.Broker,
                Replicas = options.Replicas,
                Crm = new SimulatedCrmOptions { Latency = options.CrmLatency, Limit = options.CrmLimit },
                Variables = options.Variables,
                Needs = ServerNeeds.Durable,
            },
            log,
            cancellationToken
        );
        var plan = new CampaignPlan
        {
            ContactIds = CampaignPlan.NewContacts(options.Contacts),
            PageSize = options.PageSize,
            SeedStatus = options.SeedStatus,
        };
        await stage.Prepare(plan, cancellationToken);
        stage.Crm.LoseShareOfAnswers(options.DropShare);

        log.Say($"Sending {options.Contacts:N0} contacts in {plan.PageCount:N0} pages");
        var measured = await new CampaignMeter(stage, options.Timeout, log).Measure(plan, cancellationToken);
        var reckoning = await stage.Reckoner.Reckon([plan], Due, cancellationToken);
        return LoadReport.From(options, reckoning, measured, stage);
    }

    private IEnumerable<Guid> Due(CampaignPlan plan) => plan.SeedStatus is LoadOptions.Pending ? plan.ContactIds : [];
}
