using Confluent.Kafka;
using NUnit.Framework;

namespace CampaignSender.Tests.Transport.Kafka;

internal sealed class When_partitions_are_taken_away : ScheduleTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Test, CancelAfter(5_000)]
    public async Task Their_pages_in_work_are_waited_for_and_may_be_committed()
    {
        Receive(A, 0, 1);
        var page = await Take();

        var revoking = Schedule.Revoke([A], Limit);
        Assert.That(revoking.IsCompleted, Is.False);
        Schedule.Finish(page);
        await revoking;

        Assert.That(Schedule.Committable(), Is.EqualTo([new TopicPartitionOffset(A, 1)]));
        Assert.That(page.Partition.Lost.IsCancellationRequested, Is.False);
    }

    [TestCase(false), TestCase(true), CancelAfter(5_000)]
    public async Task One_that_is_given_up_or_postponed_is_not_waited_for(bool postponed)
    {
        Receive(A, 0);
        var page = await Take();

        var revoking = Schedule.Revoke([A], Limit);
        if (postponed)
        {
            Postpone(page, seconds: 1);
        }
        else
        {
            Schedule.Abandon(page);
        }

        await revoking;
        Assert.That(Schedule.Committable(), Is.EqualTo([new TopicPartitionOffset(A, 0)]));
    }

    [Test, CancelAfter(5_000)]
    public async Task Nothing_in_work_is_nothing_to_wait_for()
    {
        Receive(A, 0);

        await Schedule.Revoke([A, B], Limit);
    }

    [Test, CancelAfter(5_000)]
    public async Task No_further_page_of_theirs_is_begun()
    {
        Receive(A, 0);
        Receive(B, 0);
        await Schedule.Revoke([A], Limit);

        Assert.That((await Take()).Message.TopicPartition, Is.EqualTo(B));
        Assert.That(Take().IsCompleted, Is.False);
    }

    [Test, CancelAfter(5_000)]
    public async Task The_wait_is_bounded_and_then_the_pages_are_cancelled()
    {
        Receive(A, 0);
        Receive(B, 0);
        var pages = (await Take(2)).ToDictionary(page => page.Message.TopicPartition);

        var revoking = Schedule.Revoke([A], Limit);
        Pass(Limit.TotalSeconds - 0.001);
        Assert.That(revoking.IsCompleted, Is.False);
        Assert.That(pages[A].Partition.Lost.IsCancellationRequested, Is.False);
        Pass(0.001);
        await revoking;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(pages[A].Partition.Lost.IsCancellationRequested, Is.True);
            Assert.That(pages[B].Partition.Lost.IsCancellationRequested, Is.False);
            Assert.That(
                Schedule.Committable(),
                Is.EqualTo([new TopicPartitionOffset(A, 0), new TopicPartitionOffset(B, 0)])
            );
        }
    }

    [Test, CancelAfter(5_000)]
    public async Task Lost_ones_are_cancelled_at_once_and_never_committed()
    {
        Receive(A, 0, 1);
        var pages = await Take(2);
        Schedule.Finish(pages[0]);

        Schedule.Lose([A]);
        Schedule.Forget([A]);
        // It did not notice.
        Schedule.Finish(pages[1]);

        Assert.That(pages[1].Partition.Lost.IsCancellationRequested, Is.True);
        Assert.That(Schedule.Committable(), Is.Empty);
        Assert.That(Schedule.Partitions, Is.EqualTo([B]));
    }

    [Test, CancelAfter(5_000)]
    public async Task What_was_finished_before_says_nothing_after_their_return()
    {
        Receive(A, 0);
        var late = await Take();
        Schedule.Lose([A]);
        Schedule.Forget([A]);
        Schedule.Assign([A]);
        Receive(A, 0);
        await Take();

        Schedule.Finish(late);
        // The answer to a commit from before the loss.
        Schedule.Committed([new TopicPartitionOffset(A, 5)]);

        Assert.That(Schedule.Committable(), Is.EqualTo([new TopicPartitionOffset(A, 0)]));
    }

    [Test, CancelAfter(5_000)]
    public async Task Messages_of_partitions_that_are_gone_are_ignored()
    {
        Schedule.Forget([A]);
        Receive(A, 0);
        Receive(B, 3);

        Assert.That((await Take()).Message.TopicPartition, Is.EqualTo(B));
        Assert.That(Take().IsCompleted, Is.False);
    }
}
