using System.Globalization;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Pace;

/// <summary>Campaigns of one inbox that has a limit, on several replicas.</summary>
internal sealed class PaceRun(PaceOptions options, IServerLog log)
{
    /// <summary>Of what the limit allows at best.</summary>
    private const double Patience = 2;

    public async Task<PaceReport> Run(CancellationToken cancellationToken)
    {
        await using var stage = await Stage.Set(
            new StageOptions
            {
                HostAssembly = options.HostAssembly,
                Broker = options.Broker,
                Replicas = options.Replicas,
                Crm = new SimulatedCrmOptions { Latency = options.CrmLatency },
                Variables = new Dictionary<string, string>(options.Variables)
                {
                    ["RATE_LIMITER_REFILL_RATE"] = options.Rate.ToString(CultureInfo.InvariantCulture),
                    ["RATE_LIMITER_CAPACITY"] = options.Capacity.ToString(CultureInfo.InvariantCulture),
                },
            },
            log,
            cancellationToken
        );
        var plans = await Prepare(stage, cancellationToken);
        await stage.Servers.PostgreSql.ResetStatementCount(stage.Database.Name, cancellationToken);
        log.Say($"Sending {options.Contacts:N0} contacts at {options.Rate:N0} a second");
        foreach (var page in PagesInTurn(plans))
        {
            await stage.Broker.Publish(page, cancellationToken);
        }

        var patience = TimeSpan.FromSeconds(60 + (Patience * options.Contacts / options.Rate));
        await stage.WaitForReports(plans, patience, log, cancellationToken);
        var statements = await stage.Servers.PostgreSql.StatementCosts(stage.Database.Name, cancellationToken);
        var reckoning = await stage.Reckoner.Reckon(plans, plan => plan.ContactIds, cancellationToken);
        var messages = plans.SelectMany(plan => stage.Crm.Messages(plan.CampaignId)).ToList();
        var first = messages.Min(message => message.StoredAt);
        var seconds = (messages.Max(message => message.StoredAt) - first).TotalSeconds;
        var perSecond = messages.CountBy(message => (int)(message.StoredAt - first).TotalSeconds).ToDictionary();
        return new PaceReport
        {
            Broker = options.Broker.ToString(),
            Replicas = options.Replicas,
            Rate = options.Rate,
            Capacity = options.Capacity,
            Contacts = messages.Count,
            EachSecond =
            [
                .. Enumerable.Range(0, (int)seconds + 1).Select(second => perSecond.GetValueOrDefault(second)),
            ],
            Seconds = seconds,
            ByCampaignInTheFirstHalf =
            [
                .. plans.Select(plan =>
                    stage
                        .Crm.Messages(plan.CampaignId)
                        .Count(message => (message.StoredAt - first).TotalSeconds < seconds / 2)
                ),
            ],
            LimitStatementsPerContact =
                statements
                    .Where(statement => statement.Text.Contains("campaign_sender_inboxes", StringComparison.Ordinal))
                    .Sum(statement => (double)statement.Calls) / options.Contacts,
            Faults = [.. reckoning.Faults(plans.Sum(plan => plan.ContactIds.Count), expectedDeadLetters: 0)],
        };
    }

    private async Task<IReadOnlyList<CampaignPlan>> Prepare(Stage stage, CancellationToken cancellationToken)
    {
        var inboxId = Guid.NewGuid();
        var plans = new List<CampaignPlan>();
        while (plans.Count < options.Campaigns)
        {
            var plan = new CampaignPlan
            {
                InboxId = inboxId,
                ContactIds = CampaignPlan.NewContacts(options.Contacts / options.Campaigns),
                PageSize = options.PageSize,
            };
            plans.Add(await stage.Prepare(plan, cancellationToken));
        }

        return plans;
    }

    private static IEnumerable<Contracts.CampaignsSend> PagesInTurn(IEnumerable<CampaignPlan> plans) =>
        plans.SelectMany(plan => plan.Pages()).OrderBy(page => page.Page);
}
