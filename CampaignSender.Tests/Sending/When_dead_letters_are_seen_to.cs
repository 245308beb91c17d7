using System.Text;
using CampaignSender.Contracts;
using CampaignSender.Host.Commands;
using CampaignSender.Sandbox.Stages;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>The commands about dead letters, beside a replica that runs, with the services that they have.</summary>
[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_dead_letters_are_seen_to(BrokerKind broker) : SendingTest(broker)
{
    private ServiceProvider _services = null!;
    private DeadLetterVisits _visits = null!;

    [SetUp]
    public void GiveTheCommandsTheirServices()
    {
        _services = Scene.CommandServices((services, configuration) => services.AddDeadLetters(configuration));
        _visits = _services.GetRequiredService<DeadLetterVisits>();
    }

    [TearDown]
    public ValueTask TakeThemAway() => _services.DisposeAsync();

    [Test, CancelAfter(60_000)]
    public async Task Those_whose_cause_was_mended_are_sent_and_the_others_stay(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Execute("UPDATE campaigns SET inbox_id = NULL", cancellationToken);
        await Scene.StartReplica(cancellationToken, ("Gate:StatusCacheTime", "00:00:00"));
        await Scene.Broker.Publish(Topics.Send, "{ oops"u8.ToArray(), cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.Broker.Publish(Topics.Send, "{}"u8.ToArray(), cancellationToken);

        var letters = await WaitForLetters(3, cancellationToken);
        Assert.That(
            letters.Select(letter => letter.Reason),
            Is.EquivalentTo(["malformed_payload", "malformed_payload", "no_inbox"])
        );
        var page = letters.Single(letter => letter.Reason == "no_inbox");
        Assert.That(
            (page.CampaignId, page.Page, page.CorrelationId, page.Replays),
            Is.EqualTo(((Guid?)plan.CampaignId, (int?)1, (Guid?)plan.CorrelationId, 0))
        );

        await using (var connection = await Scene.Source.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync("UPDATE campaigns SET inbox_id = @inboxId", new { inboxId = plan.InboxId });
        }

        var mended = new DeadLetterSelection { CampaignId = plan.CampaignId };
        Assert.That(await _visits.Replay(mended, cancellationToken), Is.EqualTo(1));
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        var left = await WaitForLetters(2, cancellationToken);
        Assert.That(left.Select(letter => letter.Reason), Is.All.EqualTo("malformed_payload"));
    }

    [Test, CancelAfter(60_000)]
    public async Task One_that_comes_back_has_its_body_and_its_replays_counted(CancellationToken cancellationToken)
    {
        await Scene.StartReplica(cancellationToken);
        await Scene.Broker.Publish(Topics.Send, "{ oops"u8.ToArray(), cancellationToken);

        for (var replays = 0; replays < 3; replays++)
        {
            var letter = (await WaitForLetters(1, cancellationToken)).Single();
            Assert.That((letter.Replays, letter.Bytes), Is.EqualTo((replays, "{ oops".Length)));
            Assert.That(await _visits.Replay(new DeadLetterSelection(), cancellationToken), Is.EqualTo(1));
        }

        await WaitForLetters(1, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_purge_takes_those_that_were_named_no_more_than_the_limit_and_none_that_came_since(
        CancellationToken cancellationToken
    )
    {
        await Scene.StartReplica(cancellationToken);
        foreach (var number in Enumerable.Range(1, 5))
        {
            await Scene.Broker.Publish(Topics.Send, Encoding.UTF8.GetBytes($"{{ {number}"), cancellationToken);
        }

        await WaitForLetters(5, cancellationToken);
        var others = new DeadLetterSelection { Reason = "no_inbox" };
        var two = new DeadLetterSelection { Reason = "malformed_payload", Limit = 2 };

        Assert.That(await _visits.Purge(others, cancellationToken), Is.Zero);
        Assert.That(await _visits.Purge(two, cancellationToken), Is.EqualTo(2));
        await WaitForLetters(3, cancellationToken);

        // While an operator is asked about these three another one comes.
        var three = await _visits.OfNow(new DeadLetterSelection(), cancellationToken);
        Assert.That(three.Limit, Is.EqualTo(3));
        await Scene.Broker.Publish(Topics.Send, "{ 6"u8.ToArray(), cancellationToken);
        await WaitForLetters(4, cancellationToken);
        Assert.That(await _visits.Purge(three, cancellationToken), Is.EqualTo(3));
        var left = (await WaitForLetters(1, cancellationToken)).Single();
        Assert.That((await _visits.Find(left.Number, cancellationToken)).Letter!.Body, Is.EqualTo("{ 6"u8.ToArray()));
    }

    private async Task<IReadOnlyList<ListedLetter>> WaitForLetters(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            var letters = await _visits.Read(new DeadLetterSelection(), cancellationToken);
            if (letters.Count == count)
            {
                return letters;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }
}
