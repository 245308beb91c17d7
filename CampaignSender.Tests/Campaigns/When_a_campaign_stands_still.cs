using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Database;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Transport;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Tests.Database;
using CampaignSender.Tests.Sending;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Campaigns;

internal sealed class When_a_campaign_stands_still : DatabaseTest
{
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);

    [Test, CancelAfter(30_000)]
    public async Task It_is_found_with_the_contacts_that_are_pending(CancellationToken cancellationToken)
    {
        var plan = await InsertOld(contacts: 3, cancellationToken);
        await Change(plan, "UPDATE campaigns_contacts SET status = 'SENT', settled_at = now() - interval '1 hour'", 1);

        Assert.That(
            await Find(cancellationToken),
            Has.Exactly(1).EqualTo(new StandingCampaign(plan.CampaignId, Pending: 2))
        );
    }

    [TestCase("UPDATE campaigns_contacts SET status = 'SENT', settled_at = now() - interval '1 hour'", 3)]
    [TestCase("UPDATE campaigns_contacts SET status = 'SENT', settled_at = now() - interval '29 minutes'", 1)]
    [TestCase("UPDATE campaigns_contacts SET claim_expires_at = now() + interval '1 minute'", 1)]
    [TestCase("UPDATE campaigns_contacts SET created_at = localtimestamp - interval '29 minutes'", 1)]
    [TestCase("DELETE FROM campaigns_contacts", 3)]
    [CancelAfter(30_000)]
    public async Task One_whose_contacts_move_does_not(string change, int contacts)
    {
        var plan = await InsertOld(contacts: 3, CancellationToken.None);
        await Change(plan, change, contacts);

        await AssertNotFound(plan, CancellationToken.None);
    }

    [TestCase("status = 3")]
    [TestCase("status = 5")]
    [TestCase("status = 6", Description = "the rest of an A/B test waits for its winner")]
    [TestCase("deleted_at = localtimestamp")]
    [TestCase("updated_at = localtimestamp - interval '29 minutes'")]
    [TestCase("spread_sending = 1")]
    [CancelAfter(30_000)]
    public async Task Nor_one_that_does_not_have_to_move(string change)
    {
        var plan = await InsertOld(contacts: 3, CancellationToken.None);
        await Execute(
            $"UPDATE campaigns SET {change} WHERE id = @CampaignId",
            new { plan.CampaignId },
            CancellationToken.None
        );

        await AssertNotFound(plan, CancellationToken.None);
    }

    [Test, CancelAfter(30_000)]
    public async Task Nor_one_that_has_a_page_parked(CancellationToken cancellationToken)
    {
        var plan = await InsertOld(contacts: 3, cancellationToken);
        await Execute(
            """
            INSERT INTO campaign_sender_parked_pages
                (campaign_id, page, correlation_id, reason, body, body_hash, redrive_at)
            VALUES (@CampaignId, 1, @CampaignId, 'campaign_paused', '', '', now())
            """,
            new { plan.CampaignId },
            cancellationToken
        );

        await AssertNotFound(plan, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_row_beside_another_one_of_its_contact_that_was_sent_is_not_pending(
        CancellationToken cancellationToken
    )
    {
        var contact = Guid.NewGuid();
        var plan = await InsertOld([contact], cancellationToken);
        await Execute(
            """
            INSERT INTO campaigns_contacts (campaign_id, contact_id, status, created_at, settled_at)
            VALUES (@CampaignId, @contact, 'SENT', localtimestamp - interval '1 hour', now() - interval '1 hour')
            """,
            new { plan.CampaignId, contact },
            cancellationToken
        );

        await AssertNotFound(plan, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task It_is_told_once_by_a_replica_that_is_idle(CancellationToken cancellationToken)
    {
        var plan = await InsertOld(contacts: 3, cancellationToken);
        var told = $"{plan.CampaignId} stands still";
        var time = new FakeTimeProvider();
        using var log = new LogLines();
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log))
            .AddMetrics()
            .AddSingleton(Source)
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<DatabaseReadiness>()
            .AddSingleton<SenderMetrics>()
            .AddCampaigns()
            .BuildServiceProvider();
        services.GetRequiredService<DatabaseReadiness>().SetMigrated();
        var metrics = services.GetRequiredService<SenderMetrics>();
        metrics.LagMeasured([new ConsumerLag("campaigns.send", null, 0)]);
        metrics.PageStarted();
        var standstill = services.GetServices<IHostedService>().OfType<CampaignStandstill>().Single();
        await standstill.StartAsync(cancellationToken);

        await PassAnHour();
        Assert.That(Told(), Is.Zero, "it has a page in work");
        metrics.PageLeft("finished", TimeSpan.Zero);
        metrics.LagMeasured([new ConsumerLag("campaigns.send", null, 1)]);
        await PassAnHour();
        Assert.That(Told(), Is.Zero, "a page waits");
        metrics.LagMeasured([]);
        await PassAnHour();
        Assert.That(Told(), Is.Zero, "nobody knows whether a page waits");

        metrics.LagMeasured([new ConsumerLag("campaigns.send", null, 0)]);
        var telling = log.WaitFor(told, cancellationToken);
        while (!telling.IsCompleted)
        {
            await PassAnHour();
        }

        await PassAnHour();
        Assert.That(Told(), Is.EqualTo(1));
        await standstill.StopAsync(cancellationToken);

        int Told() => log.All.Count(line => line.Text.Contains(told, StringComparison.Ordinal));

        async Task PassAnHour()
        {
            for (var minute = 0; minute < 60; minute++)
            {
                time.Advance(TimeSpan.FromMinutes(1));
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task AssertNotFound(CampaignPlan plan, CancellationToken cancellationToken) =>
        Assert.That((await Find(cancellationToken)).Select(each => each.CampaignId), Does.Not.Contain(plan.CampaignId));

    private async Task<IReadOnlyList<StandingCampaign>> Find(CancellationToken cancellationToken) =>
        await new CampaignStandstillStore(Source).Find(HalfAnHour, cancellationToken);

    private Task<CampaignPlan> InsertOld(int contacts, CancellationToken cancellationToken) =>
        InsertOld(CampaignPlan.NewContacts(contacts), cancellationToken);

    private async Task<CampaignPlan> InsertOld(IReadOnlyList<Guid> contacts, CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts, cancellationToken);
        await Campaigns.Age(plan.CampaignId, TimeSpan.FromHours(1), cancellationToken);
        return plan;
    }

    /// <summary>Of the first contacts of the campaign.</summary>
    private Task Change(CampaignPlan plan, string change, int contacts) =>
        Execute(
            $"{change} WHERE campaign_id = @CampaignId AND contact_id = ANY (@contactIds)",
            new { plan.CampaignId, contactIds = plan.ContactIds.Take(contacts).ToArray() },
            CancellationToken.None
        );
}
