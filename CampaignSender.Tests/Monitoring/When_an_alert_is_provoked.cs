using System.Text.RegularExpressions;
using CampaignSender.Contracts;
using CampaignSender.Host.Pacing;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Tests.Sending;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using RabbitMQ.Client;

namespace CampaignSender.Tests.Monitoring;

/// <summary>A real Prometheus with the project's rules, beside a replica that gets into trouble.</summary>
internal sealed partial class When_an_alert_is_provoked : SendingTest
{
    /// <summary>Of every replica, one after the other: Prometheus takes seconds to find another address.</summary>
    private readonly int _port = FreePort.Pick();

    private PrometheusServer _prometheus = null!;

    [OneTimeSetUp]
    public async Task StartPrometheus()
    {
        await PrometheusServer.Install(CancellationToken.None);
        _prometheus = await PrometheusServer.Start([Address(_port)], CancellationToken.None);
    }

    [OneTimeTearDown]
    public ValueTask StopPrometheus() => _prometheus.DisposeAsync();

    [Test, CancelAfter(90_000)]
    public async Task A_campaign_that_the_sender_has_paused_is_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 400, pageSize: 400, cancellationToken);
        foreach (var contactId in plan.ContactIds)
        {
            Scene.Crm.Set(SimulatedContact.Ordinary(contactId) with { PhoneNumber = null });
        }

        var replica = await StartReplica(cancellationToken);
        await _prometheus.WaitForScrape(cancellationToken);
        await Scene.Publish(plan, cancellationToken);

        await _prometheus.WaitForAlert("CampaignPausedBySafetyStop", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task One_whose_replica_is_gone_is_told_by_the_others(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);
        var replica = await StartReplica(cancellationToken);
        await Execute(
            "INSERT INTO campaign_sender_safety_stops (campaign_id, outcomes, failures, reason) "
                + $"VALUES ('{plan.CampaignId}', 9, 9, 'all of them')",
            cancellationToken
        );

        await _prometheus.WaitForAlert("CampaignPausedBySafetyStop", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_dead_letter_is_told(CancellationToken cancellationToken)
    {
        var replica = await StartReplica(cancellationToken);
        await _prometheus.WaitForScrape(cancellationToken);

        await Scene.Broker.Publish(Topics.Send, "{"u8.ToArray(), cancellationToken);

        await _prometheus.WaitForAlert("CampaignSenderDeadLetters", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_letter_that_nobody_takes_is_told_while_pages_go_on(CancellationToken cancellationToken)
    {
        await using var connection = await (await SharedServers.RabbitMq()).Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            Queues.SendDeadLetters,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?> { ["x-overflow"] = "reject-publish", ["x-max-length"] = 0 },
            cancellationToken: cancellationToken
        );
        try
        {
            var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
            await StartReplica(cancellationToken);
            await _prometheus.WaitForScrape(cancellationToken);

            await Scene.Broker.Publish(Topics.Send, "{"u8.ToArray(), cancellationToken);
            await Scene.Publish(plan, cancellationToken);

            await _prometheus.WaitForAlert("CampaignSenderHoldsMessagesBack", cancellationToken);
            await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        }
        finally
        {
            await channel.QueueDeleteAsync(Queues.SendDeadLetters, cancellationToken: CancellationToken.None);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_replica_that_is_gone_is_told(CancellationToken cancellationToken)
    {
        var replica = await StartReplica(cancellationToken);
        await _prometheus.WaitForScrape(cancellationToken);

        await replica.Stop(cancellationToken);

        await _prometheus.WaitForAlert("CampaignSenderDown", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task One_of_two_replicas_that_is_down_is_told(CancellationToken cancellationToken)
    {
        var replica = await StartReplica(cancellationToken);
        await using var prometheus = await PrometheusServer.Start(
            [Address(_port), Address(FreePort.Pick())],
            cancellationToken
        );

        await prometheus.WaitForAlert("CampaignSenderReplicaDown", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_database_that_is_away_is_told(CancellationToken cancellationToken)
    {
        var replica = await StartReplica(cancellationToken);
        await _prometheus.WaitForAnswer(Silence("CampaignSenderCutOff"), cancellationToken);

        await (await SharedServers.PostgreSql()).Kill(cancellationToken);
        try
        {
            await _prometheus.WaitForAlert("CampaignSenderCutOff", cancellationToken);
        }
        finally
        {
            await (await SharedServers.PostgreSql()).Start(CancellationToken.None);
            // This test's own connections, which know no retry.
            Scene.Source.Clear();
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_broker_that_is_away_is_told(CancellationToken cancellationToken)
    {
        var replica = await StartReplica(cancellationToken);
        await _prometheus.WaitForAnswer(Silence("CampaignSenderCutOff"), cancellationToken);

        await (await SharedServers.RabbitMq()).Stop(cancellationToken);
        try
        {
            await _prometheus.WaitForAlert("CampaignSenderCutOff", cancellationToken);
        }
        finally
        {
            await (await SharedServers.RabbitMq()).Start(CancellationToken.None);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_token_that_the_CRM_refuses_is_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await StartReplica(
            cancellationToken,
            ("Crm:ApiToken", "an old one"),
            ("Parking:RetryDelay", "00:01:00")
        );
        await _prometheus.WaitForScrape(cancellationToken);

        await Scene.Publish(plan, cancellationToken);

        await _prometheus.WaitForAlert("CampaignSenderCrmRefusesToken", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_campaign_that_is_completed_too_early_is_told(CancellationToken cancellationToken)
    {
        const int Completed = 5;
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Scene.Rows.SetStatus(plan.CampaignId, Completed, cancellationToken);
        var replica = await StartReplica(cancellationToken);
        await _prometheus.WaitForScrape(cancellationToken);

        await Scene.Publish(plan, cancellationToken);

        await _prometheus.WaitForAlert("CampaignCompletedTooEarly", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_campaign_that_stands_still_is_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Scene.Rows.Age(plan.CampaignId, TimeSpan.FromHours(1), cancellationToken);

        var replica = await StartReplica(cancellationToken);

        await _prometheus.WaitForAlert("CampaignStandsStill", cancellationToken);
        await replica.Log.WaitFor($"Campaign {plan.CampaignId} stands still: 1 contacts", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_CRM_that_is_away_is_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await StartReplica(cancellationToken, ("Parking:RetryDelay", "00:01:00"));
        await _prometheus.WaitForScrape(cancellationToken);

        await Scene.Crm.StopListening();
        await Scene.Publish(plan, cancellationToken);

        await _prometheus.WaitForAlert("CampaignSenderCrmUnavailable", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_CRM_that_refuses_all_requests_for_their_pace_is_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await StartReplica(cancellationToken);
        await _prometheus.WaitForScrape(cancellationToken);

        Scene.Crm.Fail(new FaultRule { Status = 429 });
        await Scene.Publish(plan, cancellationToken);

        await _prometheus.WaitForAlert("CampaignSenderCrmThrottles", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task Contacts_that_failed_because_the_CRM_did_are_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 2, pageSize: 2, cancellationToken);
        var replica = await StartReplica(cancellationToken, ("Dispatch:RetryCount", "0"));
        await _prometheus.WaitForScrape(cancellationToken);

        Scene.Crm.FailPosts(500);
        await Scene.Publish(plan, cancellationToken);

        await _prometheus.WaitForAlert("CampaignSenderContactsFailedByOutage", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task Pages_that_nobody_finishes_are_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 1, cancellationToken);
        var replica = await StartReplica(
            cancellationToken,
            ("RabbitMq:PrefetchCount", "1"),
            ("Dispatch:Timeout", "00:01:00"),
            ("Claim:TimeToLive", "00:02:00")
        );
        await _prometheus.WaitForAnswer(Silence("CampaignSenderStuck"), cancellationToken);

        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);

        await _prometheus.WaitForAlert("CampaignSenderStuck", cancellationToken);
        Scene.Crm.Release();
    }

    [Test, CancelAfter(60_000)]
    public async Task A_quota_that_is_nearly_used_up_is_told(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 30, pageSize: 30, cancellationToken);
        var replica = await StartReplica(cancellationToken);
        await _prometheus.WaitForScrape(cancellationToken);
        await replica
            .Services.GetRequiredService<IInboxQuotas>()
            .Set(plan.InboxId, messages: 20, TimeSpan.FromHours(24), cancellationToken);

        await Scene.Publish(plan, cancellationToken);

        await _prometheus.WaitForAlert("CampaignSenderQuotaNearlyUsedUp", cancellationToken);
    }

    /// <summary>A misspelt name would be an alert that never comes.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Every_metric_of_the_rules_is_there(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await StartReplica(cancellationToken);
        await _prometheus.WaitForScrape(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        var unknown = new CampaignPlan { ContactIds = CampaignPlan.NewContacts(1) };
        await Scene.Publish(unknown, cancellationToken);

        var selectors = Selector()
            .Matches(await File.ReadAllTextAsync(AlertRules.File, cancellationToken))
            .Select(match => match.Value)
            .Distinct()
            .ToList();

        Assert.That(selectors, Has.Count.GreaterThan(5));
        foreach (var selector in selectors)
        {
            await _prometheus.WaitForAnswer(selector, cancellationToken);
        }
    }

    /// <summary>Lag is measured, and the alert does not fire: before that, it tells of a fleet that does not begin.</summary>
    private static string Silence(string alert) =>
        $$"""campaign_sender_consumer_lag unless on () ALERTS{alertname="{{alert}}", alertstate="firing"}""";

    private static Uri Address(int port) => new($"http://127.0.0.1:{port}");

    private Task<RunningReplica> StartReplica(
        CancellationToken cancellationToken,
        params (string Key, string? Value)[] overrides
    ) => Scene.StartReplica(cancellationToken, [("Run:Port", $"{_port}"), .. overrides]);

    [GeneratedRegex(@"\bcampaign_sender_\w+(\{[^}]*\})?")]
    private static partial Regex Selector();
}
