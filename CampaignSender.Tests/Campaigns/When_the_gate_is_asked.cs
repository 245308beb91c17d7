using CampaignSender.Host.Campaigns;
using CampaignSender.Sandbox.Campaigns;
using Dapper;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Campaigns;

internal sealed class When_the_gate_is_asked : GateTest
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    [TestCase(0, Passage.Waiting)]
    [TestCase(1, Passage.Waiting)]
    [TestCase(2, Passage.Open)]
    [TestCase(3, Passage.Waiting)]
    [TestCase(4, Passage.Ended)]
    [TestCase(5, Passage.Completed)]
    [TestCase(6, Passage.Open)]
    [TestCase(7, Passage.Waiting, TestName = "A status that nobody knows yet waits")]
    [CancelAfter(10_000)]
    public async Task Its_status_decides(int status, Passage passage, CancellationToken cancellationToken)
    {
        await SetStatus(status, cancellationToken);

        Assert.That(await Check(cancellationToken), Is.EqualTo(passage));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_deleted_campaign_has_ended(CancellationToken cancellationToken)
    {
        await Execute(
            "UPDATE campaigns SET deleted_at = now() WHERE id = @id",
            new { id = Plan.CampaignId },
            cancellationToken
        );

        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Ended));
        Assert.That((await Gate.Find(Plan.CampaignId, cancellationToken))?.Status, Is.EqualTo(CampaignStatus.Deleted));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_campaign_whose_row_is_gone_has_ended(CancellationToken cancellationToken)
    {
        await Execute("DELETE FROM campaigns WHERE id = @id", new { id = Plan.CampaignId }, cancellationToken);

        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Ended));
        Assert.That(await Gate.Find(Plan.CampaignId, cancellationToken), Is.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task It_knows_the_inbox(CancellationToken cancellationToken) =>
        Assert.That((await Gate.Find(Plan.CampaignId, cancellationToken))?.InboxId, Is.EqualTo(Plan.InboxId));

    [Test, CancelAfter(10_000)]
    public async Task It_remembers_for_as_long_as_it_is_told_to(CancellationToken cancellationToken)
    {
        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Open));
        await SetStatus(CampaignRows.Paused, cancellationToken);

        Time.Advance(CacheTime - Instant);
        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Open), "remembered");

        Time.Advance(Instant);
        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Waiting), "read again");
    }

    [Test, CancelAfter(10_000)]
    public async Task It_asks_every_time_where_it_may_not_remember(CancellationToken cancellationToken)
    {
        var gate = GateWith(TimeSpan.Zero);
        Assert.That(await gate.Check(Plan.CampaignId, cancellationToken), Is.EqualTo(Passage.Open));

        await SetStatus(CampaignRows.Paused, cancellationToken);

        Assert.That(await gate.Check(Plan.CampaignId, cancellationToken), Is.EqualTo(Passage.Waiting));
    }

    [TestCase(5, 5)]
    [TestCase(0, 1, TestName = "What_was_found_out_is_relied_upon_for_a_second_where_nothing_is_remembered")]
    public void What_was_found_out_is_relied_upon_for_as_long(int cacheSeconds, int seconds)
    {
        var gate = GateWith(TimeSpan.FromSeconds(cacheSeconds));
        var foundOut = Time.GetTimestamp();

        Time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.That(gate.IsFresh(foundOut));

        Time.Advance(Instant);
        Assert.That(gate.IsFresh(foundOut), Is.False);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_read_that_failed_is_not_remembered(CancellationToken cancellationToken)
    {
        await Execute("ALTER TABLE campaigns RENAME TO campaigns_away", new { }, cancellationToken);
        try
        {
            Assert.That(() => Check(cancellationToken), Throws.InstanceOf<PostgresException>());
        }
        finally
        {
            await Execute("ALTER TABLE campaigns_away RENAME TO campaigns", new { }, CancellationToken.None);
        }

        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Open));
    }

    [Test, CancelAfter(10_000)]
    public async Task One_read_serves_all_who_ask_meanwhile_also_when_one_of_them_gives_up(
        CancellationToken cancellationToken
    )
    {
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("UPDATE campaigns SET status = 3; LOCK TABLE campaigns");
        var impatient = Check(impatience.Token);
        var patient = Check(cancellationToken);

        await impatience.CancelAsync();
        Assert.That(() => impatient, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(patient.IsCompleted, Is.False);
        await transaction.RollbackAsync(cancellationToken);

        Assert.That(await patient, Is.EqualTo(Passage.Open));
        await SetStatus(CampaignRows.Paused, cancellationToken);
        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Open), "what the one read has found");
    }

    [Test, CancelAfter(60_000)]
    public async Task Those_who_ask_in_the_same_moment_share_one_read(CancellationToken cancellationToken)
    {
        const int Askers = 16;
        const int Moments = 50;
        var ofOne = await CountStatements(() => Check(cancellationToken), cancellationToken);

        var ofAll = await CountStatements(AskInManyMoments, cancellationToken);

        Assert.That(ofAll, Is.EqualTo(Moments * ofOne));

        async Task AskInManyMoments()
        {
            for (var moment = 0; moment < Moments; moment++)
            {
                Time.Advance(CacheTime);
                using var together = new Barrier(Askers);
                await Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => Ask(together)));
            }
        }

        // On threads of their own, for those of the pool would come one after the other.
        Task Ask(Barrier together) =>
            Task
                .Factory.StartNew(
                    () =>
                    {
                        together.SignalAndWait(cancellationToken);
                        return Check(cancellationToken);
                    },
                    cancellationToken,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
                .Unwrap();
    }
}
