using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Database;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Transport;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Tests.Database;
using CampaignSender.Tests.Sending;
using CampaignSender.Tests.Servers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Campaigns;

internal sealed class When_a_campaign_stands_still : DatabaseTest
{
    private CampaignStandstillStore Store => new(Source);

    [TearDown]
    public Task NoneSendsAnyMore() => Execute("UPDATE campaigns SET status = 5", new { }, CancellationToken.None);

    [Test, CancelAfter(30_000)]
    public async Task It_is_found_with_the_contacts_that_are_pending(CancellationToken cancellationToken)
    {
        var plan = await InsertOld(contacts: 3, cancellationToken);
        await Change(plan, "UPDATE campaigns_contacts SET status = 'SENT', settled_at = now() - interval '1 hour'", 1);

        Assert.That(await Look(cancellationToken), Is.EqualTo([new StandingCampaign(plan.CampaignId, Pending: 2)]));
        Assert.That(await Store.Count(cancellationToken), Is.EqualTo(1));
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

        await AssertNoneFound(CancellationToken.None);
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

        await AssertNoneFound(CancellationToken.None);
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

        await AssertNoneFound(cancellationToken);
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

        await AssertNoneFound(cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task One_replica_looks_for_all_of_them(CancellationToken cancellationToken)
    {
        var plan = await InsertOld(contacts: 3, cancellationToken);

        var taken = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Store.TakeDue(idle: true, cancellationToken))
        );
        Assert.That(
            taken.Where(each => each is not null),
            Is.EqualTo([new StandingCampaign(plan.CampaignId, Pending: 0)])
        );
        await Store.Look(plan.CampaignId, cancellationToken);
        Assert.That(await Store.TakeDue(idle: true, cancellationToken), Is.Null);
        Assert.That(await Store.Count(cancellationToken), Is.EqualTo(1), "what it found all of them tell");
    }

    [Test, CancelAfter(30_000)]
    public async Task It_is_looked_at_again_when_it_is_due_by_one_that_is_busy_too(CancellationToken cancellationToken)
    {
        var plan = await InsertOld(contacts: 3, cancellationToken);
        Assert.That(await Store.TakeDue(idle: false, cancellationToken), Is.Null, "its pages may be on their way");
        await Look(cancellationToken);
        await LooksAreDue();

        Assert.That(
            await Store.TakeDue(idle: false, cancellationToken),
            Is.EqualTo(new StandingCampaign(plan.CampaignId, Pending: 3))
        );
        await Change(plan, "UPDATE campaigns_contacts SET claim_expires_at = now() + interval '1 minute'", 1);
        await Store.Look(plan.CampaignId, cancellationToken);
        Assert.That(await Store.Count(cancellationToken), Is.Zero, "its pages came");
        await LooksAreDue();
        Assert.That(await Store.TakeDue(idle: false, cancellationToken), Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_look_that_takes_long_is_rare(CancellationToken cancellationToken)
    {
        var store = new CampaignStandstillStore(Source) { BetweenLooks = TimeSpan.Zero };
        var plan = await InsertOld(contacts: 1, cancellationToken);
        await store.TakeDue(idle: true, cancellationToken);
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("LOCK TABLE campaigns_contacts", transaction: transaction);
        var looking = store.Look(plan.CampaignId, cancellationToken);
        await Eventually.Blocks(connection, cancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await looking;

        Assert.That(await store.TakeDue(idle: true, cancellationToken), Is.Null, "for twenty seconds");
    }

    [TestCase("status = 3")]
    [TestCase("status = 5")]
    [CancelAfter(30_000)]
    public async Task One_that_does_not_send_any_more_is_forgotten(string change)
    {
        var plan = await InsertOld(contacts: 3, CancellationToken.None);
        await Look(CancellationToken.None);
        await Execute(
            $"UPDATE campaigns SET {change} WHERE id = @CampaignId",
            new { plan.CampaignId },
            CancellationToken.None
        );
        Assert.That(await Store.Count(CancellationToken.None), Is.Zero);
        await Store.TakeDue(idle: false, CancellationToken.None);

        await Execute(
            "UPDATE campaigns SET status = 2 WHERE id = @CampaignId",
            new { plan.CampaignId },
            CancellationToken.None
        );
        Assert.That(
            await Store.TakeDue(idle: true, CancellationToken.None),
            Is.EqualTo(new StandingCampaign(plan.CampaignId, Pending: 0))
        );
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

        await LooksAreDue();
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

    private async Task AssertNoneFound(CancellationToken cancellationToken)
    {
        Assert.That((await Look(cancellationToken)).Where(each => each.Pending > 0), Is.Empty);
        Assert.That(await Store.Count(cancellationToken), Is.Zero);
    }

    /// <summary>At every campaign that is due, and tells what was found.</summary>
    private async Task<IReadOnlyList<StandingCampaign>> Look(CancellationToken cancellationToken)
    {
        var found = new List<StandingCampaign>();
        while (await Store.TakeDue(idle: true, cancellationToken) is { } due)
        {
            found.Add(due with { Pending = await Store.Look(due.CampaignId, cancellationToken) });
        }

        return found;
    }

    private Task LooksAreDue() =>
        Execute("UPDATE campaign_sender_standstill_looks SET next_at = now()", new { }, CancellationToken.None);

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
