using System.Globalization;
using System.Net;
using System.Text.Json;
using CampaignSender.Contracts;
using CampaignSender.Host.Commands;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Telemetry;
using CampaignSender.Sandbox.Replicas;
using CampaignSender.Sandbox.Servers.Programs;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

internal sealed class When_the_service_is_watched : SendingTest
{
    [Test, CancelAfter(30_000)]
    public async Task It_lives_and_is_ready(CancellationToken cancellationToken)
    {
        var replica = await Scene.StartReplica(cancellationToken);

        Assert.That(await replica.Http.GetStringAsync("health", cancellationToken), Is.EqualTo("{\"status\":\"ok\"}"));
        using var ready = await replica.Http.GetAsync("ready", cancellationToken);
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test, CancelAfter(30_000)]
    public async Task It_is_not_ready_where_the_database_takes_no_writes(CancellationToken cancellationToken)
    {
        await using (var connection = await Scene.Source.OpenConnectionAsync(cancellationToken))
        {
            // As a standby, for every session from now on.
            await connection.ExecuteAsync(
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$"
            );
        }

        var replica = await Scene.StartReplica(cancellationToken);

        using var ready = await replica.Http.GetAsync("ready", cancellationToken);
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await ready.Content.ReadAsStringAsync(cancellationToken), Does.Contain("read-only"));
    }

    [Test, CancelAfter(30_000)]
    public async Task It_refuses_whatever_is_no_probe_and_no_scrape(CancellationToken cancellationToken)
    {
        var replica = await Scene.StartReplica(cancellationToken);

        Assert.That(await Ask(HttpMethod.Get, "metrics/../admin"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await Ask(HttpMethod.Get, ""), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(
            await Ask(HttpMethod.Get, $"health?{new string('x', 3_000)}"),
            Is.EqualTo(HttpStatusCode.RequestUriTooLong)
        );
        Assert.That(
            await Ask(HttpMethod.Get, "health", header: new string('x', 20_000)),
            Is.EqualTo(HttpStatusCode.RequestHeaderFieldsTooLarge)
        );
        foreach (var path in new[] { "health", "ready", "metrics" })
        {
            Assert.That(await Ask(HttpMethod.Post, path), Is.EqualTo(HttpStatusCode.MethodNotAllowed), path);
        }

        async Task<HttpStatusCode> Ask(HttpMethod method, string path, string? header = null)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add("x-any", header ?? "");
            using var answer = await replica.Http.SendAsync(request, cancellationToken);
            Assert.That(answer.Headers.Contains("Server"), Is.False);
            return answer.StatusCode;
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task It_tells_no_parked_pages_while_it_cannot_count_them(CancellationToken cancellationToken)
    {
        const string Count = "campaign_sender_parked_pages";
        var replica = await Scene.StartReplica(cancellationToken);
        await Metrics.WaitFor(replica.Http, scraped => scraped.Has(Count), cancellationToken);
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);

        await connection.ExecuteAsync("ALTER TABLE campaign_sender_parked_pages RENAME TO elsewhere");
        await Metrics.WaitFor(replica.Http, scraped => !scraped.Has(Count), cancellationToken);

        await connection.ExecuteAsync("ALTER TABLE elsewhere RENAME TO campaign_sender_parked_pages");
        await Metrics.WaitFor(replica.Http, scraped => scraped.Has(Count), cancellationToken);
    }

    [TestCase("::"), TestCase("127.0.0.2"), CancelAfter(30_000)]
    public async Task The_health_command_asks_it_where_it_listens(string address, CancellationToken cancellationToken)
    {
        var replica = await RunningReplica.StartOnly(Scene.Settings(("Run:ListenAddress", address)), cancellationToken);
        string[] health =
        [
            $"LISTEN_ADDRESS={address}",
            $"PORT={replica.Http.BaseAddress!.Port}",
            "HTTP_PROXY=http://127.0.0.1:1",
            "dotnet",
            Scene.HostAssembly,
            "health",
        ];

        var alive = await Command.Run("env", health, cancellationToken);
        var ready = await Command.Run("env", [.. health, "--ready"], cancellationToken);
        await replica.DisposeAsync();
        var gone = await Command.Run("env", health, cancellationToken);

        Assert.That(alive.ExitCode, Is.EqualTo(ExitCodes.Success), alive.Output);
        Assert.That(ready.Output, Does.StartWith("{\"status\":\""));
        Assert.That(gone.ExitCode, Is.EqualTo(ExitCodes.Failure));
        Assert.That(gone.Output, Does.StartWith("Nothing answers at http://"));
    }

    [Test, CancelAfter(30_000)]
    public async Task It_says_what_it_waits_for_until_it_is_ready(CancellationToken cancellationToken)
    {
        var nobodyListens = "1";
        await using var replica = await RunningReplica.StartOnly(
            Scene.Settings(("Database:Port", nobodyListens)),
            cancellationToken
        );

        using var ready = await replica.Http.GetAsync("ready", cancellationToken);
        var answer = await JsonDocument.ParseAsync(
            await ready.Content.ReadAsStreamAsync(cancellationToken),
            cancellationToken: cancellationToken
        );

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(
                answer.RootElement.GetProperty("failing").EnumerateObject().Select(check => check.Name),
                Is.EquivalentTo(["broker", "database"])
            );
        }

        using var alive = await replica.Http.GetAsync("health", cancellationToken);
        Assert.That(alive.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test, CancelAfter(30_000)]
    public async Task Its_metrics_tell_what_became_of_pages_and_contacts(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 20, pageSize: 10, cancellationToken);
        Scene.Crm.RemoveContact(plan.ContactIds[0]);
        Scene.Crm.BlockContact(plan.ContactIds[1]);
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Broker.Publish(Topics.Send, "{"u8.ToArray(), cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await replica.Log.WaitFor("dead-lettered", cancellationToken);

        // A page leaves after its report, and lag and parked pages are counted beside it.
        var metrics = await Metrics.WaitFor(
            replica.Http,
            scraped =>
                scraped.Sum("campaign_sender_page_duration_seconds_count", "finished") >= 2
                && scraped.Has("campaign_sender_consumer_lag")
                && scraped.Has("campaign_sender_parked_pages"),
            cancellationToken
        );

        using (Assert.EnterMultipleScope())
        {
            Assert.That(metrics.Sum("campaign_sender_contacts_total", "outcome=\"sent\""), Is.EqualTo(18));
            Assert.That(metrics.Sum("campaign_sender_contacts_total", "outcome=\"failed\""), Is.EqualTo(1));
            Assert.That(metrics.Sum("campaign_sender_contacts_total", "outcome=\"skipped\""), Is.EqualTo(1));
            Assert.That(metrics.Sum("campaign_sender_page_duration_seconds_count", "finished"), Is.EqualTo(2));
            Assert.That(metrics.Sum("campaign_sender_claims_total", "claimed"), Is.EqualTo(20));
            Assert.That(metrics.Sum("campaign_sender_dead_letters_total", "malformed_payload"), Is.EqualTo(1));
            Assert.That(metrics.Sum("campaign_sender_errors_total", "malformed_payload"), Is.EqualTo(1));
            Assert.That(metrics.Sum("campaign_sender_dispatch_in_flight", ""), Is.Zero);
            Assert.That(
                metrics.Sum("campaign_sender_crm_request_duration_seconds_count", "kind=\"dispatch\""),
                Is.EqualTo(18)
            );
            // MassTransit's own are made once in a process, for its first replica: see When_the_service_is_a_process.
            Assert.That(metrics.Has("http_client_request_time_in_queue"), "HttpClient's");
            Assert.That(metrics.Has("db_client_"), "Npgsql's");
            Assert.That(metrics.Has("dotnet_"), "the runtime's");
        }
    }

    /// <summary>A series that begins with its first event shows no rise for it.</summary>
    [Test, CancelAfter(30_000)]
    public async Task What_has_not_happened_yet_is_a_zero(CancellationToken cancellationToken)
    {
        (string Metric, string Label, string[] Values)[] expected =
        [
            (
                "contacts_total",
                "code",
                ["none", "contact_not_found", "dispatch_4xx", "outcome_unknown", "duplicate_row"]
            ),
            ("claims_total", "action", ["claimed", "released", "taken_over", "lost"]),
            ("pages_parked_total", "reason", ParkingReasonNames.All),
            ("pages_redriven_total", "reason", ParkingReasonNames.All),
            ("dispatch_verifications_total", "result", ["found", "absent", "unknown"]),
            ("dispatch_retries_total", "category", ["dispatch_network", "dispatch_4xx", "dispatch_5xx"]),
            ("errors_total", "category", ["dispatch_unexpected", "contact_not_found", "no_inbox"]),
            ("dead_letters_total", "reason", ["malformed_payload", "unexpected"]),
        ];

        var replica = await Scene.StartReplica(cancellationToken);
        var metrics = await Metrics.Scrape(replica.Http, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            foreach (var (metric, label, values) in expected)
            {
                var name = $"campaign_sender_{metric}";
                Assert.That(metrics.Labels(name, label), Is.SupersetOf(values), metric);
                Assert.That(metrics.Sum(name, ""), Is.Zero, metric);
            }

            Assert.That(metrics.Has("campaign_sender_pages_in_work"));
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task Its_page_histogram_reaches_from_5_ms_to_10_min(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        // A page leaves after its report.
        var metrics = await Metrics.WaitFor(
            replica.Http,
            scraped => scraped.Has("campaign_sender_page_duration_seconds_bucket"),
            cancellationToken
        );

        var bounds = metrics
            .Labels("campaign_sender_page_duration_seconds_bucket", "le")
            .Where(bound => bound != "+Inf")
            .Select(bound => double.Parse(bound, CultureInfo.InvariantCulture))
            .ToList();
        Assert.That(bounds.Min(), Is.EqualTo(0.005));
        Assert.That(bounds.Max(), Is.EqualTo(600));
    }

    /// <summary>A quantile may be as far off as its bucket is wide.</summary>
    [Test]
    public void Its_request_histogram_tells_slow_from_very_slow() =>
        Assert.That(HistogramBuckets.Request, Is.SupersetOf(new[] { 5, 7.5, 10, 15, 20, 30 }).And.Ordered);

    [Test, CancelAfter(30_000)]
    public async Task The_lag_counts_the_pages_that_wait(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 12, pageSize: 1, cancellationToken);
        var replica = await Scene.StartPatientReplica(cancellationToken, ("RabbitMq:PrefetchCount", "2"));
        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(2, cancellationToken);

        await Metrics.WaitFor(
            replica.Http,
            metrics => metrics.Sum("campaign_sender_consumer_lag", "campaigns.send") == 10,
            cancellationToken
        );

        Scene.Crm.Release();
        await Scene.WaitForReports(plan, cancellationToken);
    }
}
