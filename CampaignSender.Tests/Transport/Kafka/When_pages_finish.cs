using Confluent.Kafka;
using NUnit.Framework;

namespace CampaignSender.Tests.Transport.Kafka;

internal sealed class When_pages_finish : ScheduleTest
{
    [Test, CancelAfter(5_000)]
    public async Task Nothing_is_committed_past_one_that_is_not_finished()
    {
        Receive(A, 0, 1, 2);
        var pages = await Take(3);

        Schedule.Finish(pages[2]);
        Assert.That(Schedule.Committable(), Is.EqualTo([At(A, 0)]));
        Schedule.Finish(pages[0]);
        Assert.That(Schedule.Committable(), Is.EqualTo([At(A, 1)]));
        Schedule.Finish(pages[1]);
        Assert.That(Schedule.Committable(), Is.EqualTo([At(A, 3)]));
    }

    [Test, CancelAfter(5_000)]
    public async Task The_content_of_one_that_waits_to_be_committed_is_let_go()
    {
        Receive(A, 0, 1);
        var pages = await Take(2);

        Schedule.Finish(pages[1]);

        Assert.That(pages[1].Message.Message, Is.Null);
        Assert.That(pages[0].Message.Message, Is.Not.Null);
    }

    [Test, CancelAfter(5_000)]
    public async Task Offsets_that_nobody_has_are_no_gap()
    {
        Receive(A, 10, 13, 14);
        var pages = await Take(3);

        Schedule.Finish(pages[0]);
        Assert.That(Schedule.Committable(), Is.EqualTo([At(A, 11)]));
        Schedule.Finish(pages[2]);
        Schedule.Finish(pages[1]);
        Assert.That(Schedule.Committable(), Is.EqualTo([At(A, 15)]));
    }

    [Test, CancelAfter(5_000)]
    public async Task One_that_is_given_up_holds_its_partition_and_no_other()
    {
        Receive(A, 0, 1);
        Receive(B, 0);
        var pages = await Take(3);

        Schedule.Abandon(pages.First(page => page.Message.TopicPartitionOffset == At(A, 0)));
        pages.Where(page => page.Message.TopicPartitionOffset != At(A, 0)).ToList().ForEach(Schedule.Finish);

        Assert.That(Schedule.Committable(), Is.EqualTo([At(A, 0), At(B, 1)]));
    }

    [Test, CancelAfter(5_000)]
    public async Task What_is_committed_is_not_committed_again()
    {
        Receive(A, 0, 1);
        var pages = await Take(2);
        Schedule.Finish(pages[0]);
        var first = Schedule.Committable();
        // Goes on while the first commit is on its way.
        Schedule.Finish(pages[1]);

        Schedule.Committed(first);
        Assert.That(Schedule.Committable(), Is.EqualTo([At(A, 2)]));
        Schedule.Committed(Schedule.Committable());
        Assert.That(Schedule.Committable(), Is.Empty);
    }

    [Test, CancelAfter(5_000)]
    public async Task The_schedule_is_idle_when_all_are()
    {
        Assert.That(Schedule.IsIdle, Is.True);
        Receive(A, 0);
        Assert.That(Schedule.IsIdle, Is.False);
        var page = await Take();
        Assert.That(Schedule.IsIdle, Is.False);
        Schedule.Finish(page);
        Assert.That(Schedule.IsIdle, Is.True);
    }

    private static TopicPartitionOffset At(TopicPartition partition, long offset) => new(partition, offset);
}
