using Confluent.Kafka;
using NUnit.Framework;

namespace CampaignSender.Tests.Transport.Kafka;

internal sealed class When_a_page_is_postponed : ScheduleTest
{
    [Test, CancelAfter(5_000)]
    public async Task Its_partition_waits_and_others_go_on()
    {
        Receive(A, 0, 1);
        var failed = await Take();
        Postpone(failed, seconds: 10);

        var next = Take();
        Receive(B, 0);
        Assert.That((await next).Message.TopicPartition, Is.EqualTo(B));

        next = Take();
        Pass(9.9);
        Assert.That(next.IsCompleted, Is.False);
        Pass(0.1);
        Assert.That(await next, Is.SameAs(failed), "before the later one");
        Assert.That((await Take()).Message.Offset.Value, Is.EqualTo(1));
    }

    [Test, CancelAfter(5_000)]
    public async Task After_the_wait_all_pages_of_the_partition_are_there_for_all_who_wait()
    {
        Receive(A, 0, 1, 2);
        Postpone(await Take(), seconds: 1);
        var waiting = new[] { Take(), Take(), Take() };

        Pass(1);

        Assert.That(
            (await Task.WhenAll(waiting)).Select(page => page.Message.Offset.Value),
            Is.EquivalentTo([0, 1, 2])
        );
    }

    [Test, CancelAfter(5_000)]
    public async Task The_partition_waits_for_the_longest_of_its_waits()
    {
        Receive(A, 0, 1);
        var pages = await Take(2);
        Postpone(pages[0], seconds: 1);
        Postpone(pages[1], seconds: 3);

        var next = Take();
        Pass(1);
        Assert.That(next.IsCompleted, Is.False);
        Pass(2);
        await next;
    }

    [Test, CancelAfter(5_000)]
    public async Task The_schedule_is_failing_until_it_has_finished()
    {
        Receive(A, 0);
        Receive(B, 0);
        var pages = await Take(2);
        Assert.That(Schedule.IsFailing, Is.False);

        Postpone(pages[0], seconds: 1);
        Schedule.Finish(pages[1]);
        Assert.That(Schedule.IsFailing, Is.True);

        Pass(1);
        var again = await Take();
        Assert.That(Schedule.IsFailing, Is.True);
        Schedule.Finish(again);
        Assert.That(Schedule.IsFailing, Is.False);
    }

    [Test, CancelAfter(5_000)]
    public async Task Nothing_after_it_is_committed()
    {
        Receive(A, 0, 1);
        var pages = await Take(2);
        Postpone(pages[0], seconds: 1);

        Schedule.Finish(pages[1]);

        Assert.That(Schedule.Committable(), Is.EqualTo([new TopicPartitionOffset(A, 0)]));
    }

    [Test, CancelAfter(5_000)]
    public async Task It_is_dropped_with_its_partition()
    {
        Receive(A, 0);
        Postpone(await Take(), seconds: 1);

        await Schedule.Revoke([A], TimeSpan.FromSeconds(5));
        Schedule.Forget([A]);

        Assert.That(Schedule.IsFailing, Is.False);
        Schedule.Assign([A]);
        var next = Take();
        Pass(1);
        Assert.That(next.IsCompleted, Is.False);
        Receive(A, 0);
        Assert.That((await next).Failures, Is.Zero);
    }
}
