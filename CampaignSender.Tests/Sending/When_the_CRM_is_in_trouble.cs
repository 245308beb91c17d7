using System.Net;
using CampaignSender.Sandbox.Crm;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>What says nothing about the contacts fails nobody.</summary>
internal sealed class When_the_CRM_is_in_trouble : SendingTest
{
    [TestCase(503)]
    [TestCase(500)]
    [TestCase(429)]
    [TestCase(null)]
    [CancelAfter(120_000)]
    public async Task An_outage_parks_the_pages_and_everybody_gets_one_afterwards(
        int? status,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 60, pageSize: 30, cancellationToken);
        Scene.Crm.Fail(new FaultRule { Status = status, Kind = CrmRequestKind.Contact });
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor(
            status is 429 ? "is parked: crm_throttled" : "is parked: crm_unavailable",
            cancellationToken
        );

        Scene.Crm.StopFailing();
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        Assert.That(
            await connection.ExecuteScalarAsync<int>("SELECT max(claim_attempts) FROM campaigns_contacts"),
            status is 429 ? Is.EqualTo(1) : Is.GreaterThan(1),
            "tries"
        );
    }

    [TestCase(503)]
    [TestCase(500)]
    [CancelAfter(90_000)]
    public async Task A_share_of_failures_fails_nobody(int status, CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 300, pageSize: 100, cancellationToken);
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = status,
                Share = 0.3,
            }
        );

        await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(90_000)]
    public async Task Throttled_posts_fail_nobody(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 100, pageSize: 50, cancellationToken);
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = 429,
                RetryAfter = 0,
            }
        );
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("dispatch retry scheduled: attempt 1", cancellationToken);

        Scene.Crm.StopFailing();
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(90_000)]
    public async Task A_limit_of_requests_slows_down_and_fails_nobody(
        [Values] bool tellsWhen,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 200, pageSize: 100, cancellationToken);
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("Dispatch:BackoffBase", "00:00:01"),
            ("Dispatch:BackoffCap", "00:00:30")
        );
        Scene.Crm.Limit = new RequestLimit(50, TimeSpan.FromSeconds(1), tellsWhen);
        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("refuses requests (429)", cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        // Those that were on their way, and a few.
        Assert.That(Scene.Crm.RefusedRequests, Is.LessThan(Scene.Crm.RequestCount / 2));
    }

    [Test, CancelAfter(90_000)]
    public async Task A_page_of_HTML_instead_of_a_contact_fails_nobody(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 100, pageSize: 100, cancellationToken);
        AnswerWithHtml(CrmRequestKind.Contact);
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("is parked: crm_unavailable", cancellationToken);

        Scene.Crm.StopFailing();
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [TestCase(200, "<html>Sign in</html>")]
    [TestCase(404, "404 page not found")]
    [TestCase(422, null)]
    [CancelAfter(60_000)]
    public async Task Templates_that_cannot_be_had_dead_letter_nothing(
        int status,
        string? body,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        // As an older CRM, which lists an inbox's templates only.
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Template,
                Status = 404,
                Body = "<html>Not found</html>",
            }
        );
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.TemplatesOfInbox,
                Status = status,
                Body = body,
            }
        );
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("is parked: crm_unavailable", cancellationToken);

        Scene.Crm.StopFailing();
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(await Scene.Broker.CountDeadLetters(cancellationToken), Is.Zero, "dead letters");
    }

    [Test, CancelAfter(60_000)]
    public async Task The_longer_it_lasts_the_longer_a_page_waits_and_not_for_ever(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        Scene.Crm.Fail(new FaultRule { Kind = CrmRequestKind.Contact, Status = 401 });
        await Scene.StartReplica(cancellationToken, ("Parking:RetryDelay", "01:00:00"));
        await Scene.Publish(plan, cancellationToken);

        var waits = new List<double>();
        for (var redrives = 0; redrives < 6; redrives++)
        {
            waits.Add(await WaitOfParked(redrives, cancellationToken));
            await Scene.AdvanceParked(TimeSpan.FromDays(1), cancellationToken);
        }

        Assert.That(waits, Is.EqualTo([1, 2, 4, 8, 8, 8]).Within(0.1), "hours");
    }

    /// <summary>Hours, of the page that comes for the time after so many.</summary>
    private async Task<double> WaitOfParked(int redrives, CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        while (true)
        {
            var hours = await connection.ExecuteScalarAsync<double?>(
                """
                SELECT extract(epoch FROM redrive_at - parked_at)::float8 / 3600
                FROM campaign_sender_parked_pages
                WHERE redrives = @redrives
                """,
                new { redrives }
            );
            if (hours is { } wait)
            {
                return wait;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Its_readiness_says_so_and_recovers(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 60, pageSize: 60, cancellationToken);
        Scene.Crm.Fail(new FaultRule { Kind = CrmRequestKind.Contact, Status = 401 });
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await replica.Log.WaitFor("refuses our credentials", cancellationToken);

        using var refused = await replica.Http.GetAsync("ready", cancellationToken);
        var answer = await refused.Content.ReadAsStringAsync(cancellationToken);
        Scene.Crm.StopFailing();
        await Scene.WaitForReports(plan, cancellationToken);
        using var recovered = await replica.Http.GetAsync("ready", cancellationToken);

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(answer, Does.Contain("EVOAI_CRM_API_TOKEN"));
        Assert.That(recovered.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private void AnswerWithHtml(CrmRequestKind kind) =>
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = kind,
                Status = 200,
                Body = "<html>We are back soon</html>",
            }
        );
}
