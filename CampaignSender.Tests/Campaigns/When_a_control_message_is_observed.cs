using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Sandbox.Campaigns;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Campaigns;

internal sealed class When_a_control_message_is_observed : GateTest
{
    [TestCase(ControlAction.Pause, Passage.Waiting)]
    [TestCase(ControlAction.Stop, Passage.Ended)]
    [CancelAfter(10_000)]
    public async Task The_gate_closes_at_once_though_the_row_still_says_sending(
        ControlAction action,
        Passage passage,
        CancellationToken cancellationToken
    )
    {
        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Open));

        Observe(action);

        Assert.That(await Check(cancellationToken), Is.EqualTo(passage));
        Time.Advance(CacheTime);
        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Open), "after that the row counts again");
    }

    [Test, CancelAfter(10_000)]
    public async Task A_resume_reads_the_row_anew(CancellationToken cancellationToken)
    {
        await SetStatus(CampaignRows.Paused, cancellationToken);
        Observe(ControlAction.Pause);
        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Waiting));

        Observe(ControlAction.Resume);
        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Waiting), "the row says so still");

        await SetStatus(CampaignRows.Sending, cancellationToken);
        Observe(ControlAction.Resume);
        var campaign = await Gate.Find(Plan.CampaignId, cancellationToken);
        Assert.That(campaign?.Passage, Is.EqualTo(Passage.Open));
        Assert.That(campaign?.InboxId, Is.EqualTo(Plan.InboxId));
    }

    [Test, CancelAfter(10_000)]
    public async Task Other_campaigns_go_on(CancellationToken cancellationToken)
    {
        using var watch = Gate.Watch(Plan.CampaignId);

        Observe(Guid.NewGuid(), ControlAction.Stop);

        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Open));
        Assert.That(watch.Token.IsCancellationRequested, Is.False);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_read_that_was_under_way_does_not_open_the_gate_again(CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("LOCK TABLE campaigns");
        var underWay = Check(cancellationToken);

        Observe(ControlAction.Pause);
        await transaction.RollbackAsync(cancellationToken);
        await underWay;

        Assert.That(await Check(cancellationToken), Is.EqualTo(Passage.Waiting));
    }

    [TestCase(ControlAction.Pause, true)]
    [TestCase(ControlAction.Stop, true)]
    [TestCase(ControlAction.Resume, false)]
    public void Pages_at_work_are_told_to_leave(ControlAction action, bool leave)
    {
        using var first = Gate.Watch(Plan.CampaignId);
        using var second = Gate.Watch(Plan.CampaignId);

        Observe(action);

        Assert.That(first.Token.IsCancellationRequested, Is.EqualTo(leave));
        Assert.That(second.Token.IsCancellationRequested, Is.EqualTo(leave));
    }

    [TestCase(CampaignRows.Paused)]
    [TestCase(CampaignRows.Stopped)]
    [CancelAfter(10_000)]
    public async Task Pages_leave_without_one_where_the_row_says_so(int status, CancellationToken cancellationToken)
    {
        using var watch = Gate.Watch(Plan.CampaignId);
        await Check(cancellationToken);
        Assert.That(watch.Token.IsCancellationRequested, Is.False);
        await SetStatus(status, cancellationToken);

        Time.Advance(CacheTime);
        await Check(cancellationToken);

        Assert.That(watch.Token.IsCancellationRequested);
    }

    [Test, CancelAfter(10_000)]
    public async Task Pages_of_a_campaign_that_is_deleted_leave(CancellationToken cancellationToken)
    {
        using var watch = Gate.Watch(Plan.CampaignId);
        await Execute("DELETE FROM campaigns WHERE id = @id", new { id = Plan.CampaignId }, cancellationToken);

        await Check(cancellationToken);

        Assert.That(watch.Token.IsCancellationRequested);
    }

    [Test]
    public void A_page_that_has_left_is_told_nothing()
    {
        var watch = Gate.Watch(Plan.CampaignId);
        watch.Dispose();

        Observe(ControlAction.Pause);

        Assert.That(watch.Token.IsCancellationRequested, Is.False);
    }
}
