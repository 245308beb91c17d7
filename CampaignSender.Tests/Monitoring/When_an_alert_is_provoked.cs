using System.Text.RegularExpressions;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Tests.Sending;
using NUnit.Framework;

namespace CampaignSender.Tests.Monitoring;

/// <summary>A real Prometheus with the project's rules, beside a replica that gets into trouble.</summary>
internal sealed partial class When_an_alert_is_provoked : SendingTest
{
    [OneTimeSetUp]
    public Task Install() => PrometheusServer.Install(CancellationToken.None);

    [Test, CancelAfter(60_000)]
    public async Task A_campaign_that_the_sender_has_paused_is_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 400, pageSize: 400, cancellationToken);
        foreach (var contactId in plan.ContactIds)
        {
            Scene.Crm.Set(SimulatedContact.Ordinary(contactId) with { PhoneNumber = null });
        }

        var replica = await Scene.StartReplica(cancellationToken);
        await using var prometheus = await Watch(replica, cancellationToken);
        await Scene.Publish(plan, cancellationToken);

        await prometheus.WaitForAlert("CampaignPausedBySafetyStop", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_dead_letter_is_told(CancellationToken cancellationToken)
    {
        var replica = await Scene.StartReplica(cancellationToken);
        await using var prometheus = await Watch(replica, cancellationToken);

        await Scene.Broker.Publish(Topics.Send, "{"u8.ToArray(), cancellationToken);

        await prometheus.WaitForAlert("CampaignSenderDeadLetters", cancellationToken);
    }

    /// <summary>A misspelt name would be an alert that never comes.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Every_metric_of_the_rules_is_there(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await using var prometheus = await Watch(replica, cancellationToken);
        await Scene.Publish(plan, cancellationToken);

        var selectors = Selector()
            .Matches(await File.ReadAllTextAsync(AlertRules.File, cancellationToken))
            .Select(match => match.Value)
            .Distinct()
            .ToList();

        Assert.That(selectors, Has.Count.GreaterThan(5));
        foreach (var selector in selectors)
        {
            await prometheus.WaitForAnswer(selector, cancellationToken);
        }
    }

    private static async Task<PrometheusServer> Watch(RunningReplica replica, CancellationToken cancellationToken)
    {
        var prometheus = await PrometheusServer.Start(replica.Http.BaseAddress!, cancellationToken);
        await prometheus.WaitForScrape(cancellationToken);
        return prometheus;
    }

    [GeneratedRegex(@"\bcampaign_sender_\w+(\{[^}]*\})?")]
    private static partial Regex Selector();
}
