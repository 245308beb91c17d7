using System.Text.RegularExpressions;
using CampaignSender.Contracts;
using CampaignSender.Host.Pacing;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Tests.Sending;
using Microsoft.Extensions.DependencyInjection;
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

    [Test, CancelAfter(60_000)]
    public async Task A_replica_that_is_gone_is_told(CancellationToken cancellationToken)
    {
        var replica = await Scene.StartReplica(cancellationToken);
        await using var prometheus = await Watch(replica, cancellationToken);

        await replica.Stop(cancellationToken);

        await prometheus.WaitForAlert("CampaignSenderDown", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_token_that_the_CRM_refuses_is_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("Crm:ApiToken", "an old one"),
            ("Parking:RetryDelay", "00:01:00")
        );
        await using var prometheus = await Watch(replica, cancellationToken);

        await Scene.Publish(plan, cancellationToken);

        await prometheus.WaitForAlert("CampaignSenderCrmRefusesToken", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_CRM_that_is_away_is_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken, ("Parking:RetryDelay", "00:01:00"));
        await using var prometheus = await Watch(replica, cancellationToken);

        await Scene.Crm.StopListening();
        await Scene.Publish(plan, cancellationToken);

        await prometheus.WaitForAlert("CampaignSenderCrmUnavailable", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task Pages_that_nobody_finishes_are_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 1, cancellationToken);
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("RabbitMq:PrefetchCount", "1"),
            ("Dispatch:Timeout", "00:01:00"),
            ("Claim:TimeToLive", "00:02:00")
        );
        await using var prometheus = await Watch(replica, cancellationToken);

        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);

        await prometheus.WaitForAlert("CampaignSenderStuck", cancellationToken);
        Scene.Crm.Release();
    }

    [Test, CancelAfter(60_000)]
    public async Task A_quota_that_is_nearly_used_up_is_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 30, pageSize: 30, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await using var prometheus = await Watch(replica, cancellationToken);
        await replica
            .Services.GetRequiredService<IInboxQuotas>()
            .Set(plan.InboxId, messages: 20, TimeSpan.FromHours(24), cancellationToken);

        await Scene.Publish(plan, cancellationToken);

        await prometheus.WaitForAlert("CampaignSenderQuotaNearlyUsedUp", cancellationToken);
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
